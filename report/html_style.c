/*
 * The look of pages and the one script. Without the script everything can be read; it only hides
 * findings that are not asked for.
 *
 * Colours are those of the Government Analysis Function (#12436D, #28A197, #801650, #F46A25), each
 * at least 3 to 1 against white (WCAG 1.4.11), so they do for shapes; text is #0b0c0c or #12436D,
 * which have more than the 4.5 to 1 that text needs (1.4.3). Whatever a colour says, a word or a
 * shape says too (1.4.1): on a printer without colours the page loses nothing.
 *
 *   1  the frame: type, headings, links, focus    3  figures, findings, filters, answers
 *   2  contents, boxes of figures, tables, code   4  narrow screens, less motion, print
 *
 * Each is one string, as C promises no more than 4095 characters in one. Sizes are in rem and em,
 * so that who sets a larger type gets a larger page (1.4.4); only lines are in pixels.
 */
#include "report/html.h"

const char *const html_style[] = {
	/*
	 * Focus is a black line with a yellow one round it: on any ground one of the two stands out
	 * (WCAG 2.4.7). overflow-wrap: an id without a blank must not push the page wider than 320
	 * pixels (1.4.10). .skip is moved out of sight rather than hidden, or it could not be tabbed
	 * to; .hide is for words that only a screen reader needs.
	 */
	":root{--blue:#12436D;--teal:#28A197;--pink:#801650;--orange:#F46A25;--ink:#0b0c0c;"
		"--grey:#505a5f;--line:#b1b4b6;--pale:#f3f2f1}\n"
	"*{box-sizing:border-box}\n"
	"html{scroll-behavior:smooth;scroll-padding-top:1rem}\n"
	"body{margin:0;color:var(--ink);background:#fff;font:1rem/1.5 Arial,\"Liberation Sans\","
		"sans-serif;overflow-wrap:anywhere}\n"
	"header,nav,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}\n"
	"header{padding-top:1.5rem;border-top:.6rem solid var(--blue)}\n"
	"h1{font-size:2rem;line-height:1.2;margin:0 0 .5rem}\n"
	"h2{font-size:1.6rem;line-height:1.25;margin:2.5rem 0 .75rem;padding-top:.75rem;"
		"border-top:2px solid var(--blue)}\n"
	"h3{font-size:1.3rem;line-height:1.3;margin:2rem 0 .5rem}\n"
	"h4{font-size:1.1rem;line-height:1.35;margin:1.5rem 0 .5rem}\n"
	"h5{font-size:1rem;line-height:1.4;margin:0 0 .25rem}\n"
	"p{margin:.5rem 0;max-width:46rem}\n"
	".lede{font-size:1.15rem;color:var(--grey)}\n"
	"a{color:#12436D;text-underline-offset:.15em}\n"
	"a:hover{text-decoration-thickness:.2em}\n"
	":focus-visible{outline:3px solid #0b0c0c;outline-offset:2px;box-shadow:0 0 0 6px #ffdd00}\n"
	".skip{position:absolute;left:-999rem;padding:.5rem 1rem;background:#ffdd00;color:#0b0c0c}\n"
	".skip:focus{position:static;display:block}\n"
	".hide{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;"
		"clip-path:inset(50%);white-space:nowrap}\n"
	"[hidden]{display:none!important}\n",
	/* Digits of one width, so that sums line up. A summary is at least 24 pixels high, to be hit by
	 * a finger (WCAG 2.5.8). */
	"nav ol{columns:16rem;padding-left:1.25rem;margin:.5rem 0}\nnav li{padding:.15rem 0}\n"
	"footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line);"
		"color:var(--grey)}\n"
	".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,13rem),1fr));"
		"gap:1rem;list-style:none;margin:1rem 0;padding:0}\n"
	".figures li{border-left:.4rem solid var(--blue);background:var(--pale);padding:.75rem 1rem}\n"
	".figures b{display:block;font-size:1.6rem;line-height:1.2}\n"
	".scroll{overflow-x:auto;margin:1rem 0;position:relative}\n"
	"table{border-collapse:collapse;margin:1rem 0;font-size:.95rem;font-variant-numeric:"
		"tabular-nums}\n.scroll table{margin:0}\n"
	"caption{text-align:left;font-weight:700;padding:.25rem 0}\n"
	".scroll caption span{position:sticky;left:0;display:inline-block;"
		"max-width:calc(100vw - 3rem)}\n"
	"th,td{text-align:left;vertical-align:top;padding:.35rem .9rem .35rem 0;border-bottom:1px solid"
		" var(--line)}\nth{font-weight:700}\ntbody th{font-weight:400}\n"
	"thead th{overflow-wrap:normal}\n.stack tbody td,.stack tbody th{min-width:5.5rem}\n"
	".n{text-align:right;white-space:nowrap}\n"
	".scroll th,.scroll td{overflow-wrap:normal;min-width:3.5rem}\n"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--pale);padding:.75rem 1rem;"
		"margin:.5rem 0;font:.9rem/1.45 \"Liberation Mono\",Consolas,monospace;tab-size:4}\n"
	"code{font:.9em \"Liberation Mono\",Consolas,monospace}\n"
	"summary{cursor:pointer;padding:.35rem 0;color:var(--blue);text-decoration:underline;"
		"text-underline-offset:.15em;min-height:1.5rem}\n",
	/* Verdicts differ in the kind of their border (solid, double, dashed), not in its colour alone.
	 * A drawing keeps 30rem, below which its text would be too small; its box scrolls instead. */
	"figure{margin:1rem 0 1.5rem}\n"
	"svg{display:block;min-width:30rem;width:100%;max-width:48rem;height:auto;background:#fff}\n"
	"svg text{font:14px Arial,\"Liberation Sans\",sans-serif;fill:#0b0c0c}\n"
	"figcaption{max-width:46rem}\n"
	".finding{border:1px solid var(--line);border-left:.4rem solid var(--blue);padding:.75rem 1rem;"
		"margin:1rem 0}\n"
	".finding.not_assessed{border-left-style:double;border-left-color:var(--grey)}\n"
	".finding.conflict{border-left-style:dashed;border-left-color:var(--pink)}\n"
	".finding:target{outline:3px solid #0b0c0c;box-shadow:0 0 0 6px #ffdd00}\n"
	".tag{display:inline-block;border:1px solid currentColor;padding:0 .5rem;font-weight:700;"
		"font-size:.9rem;margin-right:.35rem}\n"
	".tag.fail{background:var(--blue);color:#fff}\n"
	".tag.critical{background:var(--pink);color:#fff}\n"
	".tag.conflict{background:#fff;color:var(--pink)}\n"
	".tag.stands{border-width:2px;border-radius:.75rem}\n.tag.disputed{color:var(--pink)}\n"
	".tag.settled,.tag.withdrawn{color:var(--grey)}\n"
	".finding>h3{margin-top:.25rem}\n"
	".talk{border-left:.25rem solid var(--line);padding-left:.75rem;margin:.5rem 0}\n"
	".events{margin:.25rem 0;padding-left:1.5rem}\n.events li{margin:.35rem 0;max-width:46rem}\n"
	".events p{margin:0}\n.events .file{color:var(--grey)}\n"
	"td>p,th>p{margin:.25rem 0}\n#closed tbody th{white-space:nowrap}\ntd .events{padding-left:1.1rem}\ntd .events p{display:inline}\n"
	"td .events p+p::before{content:\" \\2013  \"}\n"
	".said{font-weight:700}\n.facts{margin:.25rem 0;padding-left:1.25rem}\n"
	".filters{border:1px solid var(--line);background:var(--pale);padding:1rem;margin:1rem 0;"
		"display:grid;gap:1rem;"
		"grid-template-columns:repeat(auto-fit,minmax(min(100%,12rem),1fr))}\n"
	".filters legend{font-weight:700;padding:0 .25rem}\n"
	".filters label{display:block;font-weight:700;margin-bottom:.25rem}\n"
	".filters select,.filters input,button{font:inherit;width:100%;min-height:2.5rem;padding:.35rem"
		" .5rem;border:2px solid #0b0c0c;background:#fff;color:#0b0c0c}\n"
	"button{cursor:pointer;align-self:end}\n"
	".answer{border:2px solid #0b0c0c;padding:.75rem 1rem;margin:1.5rem 0 0}\n"
	".answer .blank{display:block;border-bottom:1px solid #0b0c0c;height:2rem}\n",
	/*
	 * Narrow: the head of a stacked table is moved out of sight, still there for screen readers,
	 * and each cell says its column from data-t. Print: what is folded is unfolded, boxes that
	 * scroll become whole, sheets begin on a page of their own, rows and answers are not torn
	 * apart.
	 */
	"@media (max-width:40em){h1{font-size:1.6rem}h2{font-size:1.35rem}h3{font-size:1.15rem}\n"
	".stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;width:100%}\n"
	".stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
	".stack caption{display:block}\n"
	".stack tr{border-bottom:2px solid var(--line);padding:.35rem 0}\n"
	".stack th,.stack td{border:0;padding:.1rem 0;text-align:left;white-space:normal}\n"
	".stack td:empty{display:none}\n.stack tbody th{font-weight:700}\n"
	".stack td::before{content:attr(data-t) \": \";color:var(--grey)}}\n"
	"@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}"
		"*{transition:none!important;animation:none!important}}\n"
	"@media print{body{font-size:10pt;line-height:1.4}\n"
	"header,nav,main,footer{max-width:none;padding:0}\n"
	"@page{size:A4;margin:14mm 12mm}\n"
	".filters,.skip,[role=status]{display:none!important}\n"
	"#sheets>h2{margin-top:0}\n.provider,.sheet,#sheets{break-before:page}\n"
	"#sheets>h2+.sheet{break-before:auto}\n"
	"figure,tr,.answer,.sums .scroll,.sums table{break-inside:avoid}\n"
	"table{font-size:.85rem;margin:.5rem 0}th,td{padding:.15rem .7rem .15rem 0}\n"
	".stack tbody td,.stack tbody th{min-width:4rem}\n"
	".finding{padding:.25rem .75rem;margin:.5rem 0}\n"
	".events li{break-inside:avoid;margin:.15rem 0}\n"
	".finding p{margin:.25rem 0}.finding .stack{font-size:.8rem;width:100%}\n"
	".finding .stack tbody th{width:30%}.finding .stack td:nth-child(3){width:32%}\n"
	".answer{margin-top:.5rem;padding:.25rem .75rem}.answer .blank{height:1.5rem}\n"
	"h1,h2,h3,h4,h5,caption{break-after:avoid}\nthead{display:table-header-group}\n"
	".scroll{overflow:visible}svg{min-width:0;max-width:170mm}\n"
	"details::details-content{content-visibility:visible;display:block;height:auto}\n"
	"summary{color:inherit;text-decoration:none;font-weight:700}\n"
	".tag,.figures li{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n",
	NULL};

/*
 * The choices come from the findings themselves. What is hidden is hidden from everybody, and the
 * number that is left is told in a live region (role=status, WCAG 4.1.3), so that who cannot see
 * the list shrink hears it.
 *
 *   input ──150 ms──> apply: visible(each finding) ──> hide rules and providers left without one
 *                                                  ──> "12 of 582 findings shown"
 *
 * Values of options begin with "=", which slice(1) takes off: "" is "all", "=" is "none". Words are
 * put in through textContent, never as markup.
 */
const char *const html_script[] = {
	"(function(){'use strict';\n"
	"var form=document.getElementById('filters'),status=document.getElementById('shown');\n"
	"if(!form)return;\n"
	"var all=[].slice.call(document.querySelectorAll('.finding'));\n"
	"var groups=[].slice.call(document.querySelectorAll('.rule,.provider'));\n"
	"var kinds=['provider','rule','severity','verdict','status'].filter(function(k){\n"
	"  return form.elements[k];});\n"
	"all.forEach(function(f){f.words=f.textContent.toLowerCase();});\n"
	"function visible(f){\n"
	"  var text=form.elements.text.value.trim().toLowerCase();\n"
	"  return kinds.every(function(k){var v=form.elements[k].value;\n"
	"    return v===''||f.getAttribute('data-'+k)===v.slice(1);})&&\n"
	"    (text===''||f.words.indexOf(text)>=0);\n"
	"}\n",
	"function apply(){\n"
	"  var n=0;\n"
	"  all.forEach(function(f){f.hidden=!visible(f);if(!f.hidden)n++;});\n"
	"  groups.forEach(function(g){\n"
	"    var shown=g.querySelectorAll('.finding:not([hidden])').length,\n"
	"      of=g.querySelectorAll('.finding').length,count=g.querySelector('.count');\n"
	"    g.hidden=shown===0&&of>0;\n"
	"    if(count)count.textContent=shown===of?'':' \\u2013 '+shown+' shown';\n"
	"  });\n"
	"  status.textContent=n+' of '+all.length+' findings shown';\n"
	"}\n"
	"var wait;\n"
	"form.addEventListener('input',function(){clearTimeout(wait);wait=setTimeout(apply,150);});\n"
	"form.addEventListener('submit',function(e){e.preventDefault();apply();});\n"
	"form.addEventListener('reset',function(){setTimeout(apply,0);});\n",
	/* A link to a finding that is hidden shows everything again. */
	"window.addEventListener('hashchange',function(){\n"
	"  var at=document.getElementById(decodeURIComponent(location.hash.slice(1)));\n"
	"  if(!at||!at.closest('[hidden]'))return;\n"
	"  form.reset();setTimeout(function(){at.scrollIntoView();},50);\n"
	"});\n"
	/* What is folded away would be missing on paper. */
	"window.addEventListener('beforeprint',function(){\n"
	"  document.querySelectorAll('details').forEach(function(d){d.open=true;});\n"
	"});\n"
	"form.hidden=false;apply();\n"
	"})();\n",
	NULL};
