// A page of `vouch report` in headless Chromium: what a reader, a keyboard and a screen reader find.
//   node page.js FILE.html [DIR]     prints "ok NAME" or "not ok NAME: WHY"; pictures go to DIR
// $CHROMIUM is the browser; axe-core and puppeteer-core are found through NODE_PATH.
'use strict';
const fs = require('fs');
const path = require('path');
const puppeteer = require('puppeteer-core');

const file = path.resolve(process.argv[2]);
const url = 'file://' + encodeURI(file);
const pictures = process.argv[3];
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const report = (name, good, why) =>
	console.log(good ? `ok ${name}` : `not ok ${name}: ${String(why).replace(/\s+/g, ' ')}`);

async function opened(browser, width, zoom, script) {
	const page = await browser.newPage();
	await page.setViewport({ width, height: 900, deviceScaleFactor: zoom });
	await page.setJavaScriptEnabled(script);
	await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
	page.asked = [];
	page.wrong = [];
	page.on('request', (r) => page.asked.push(r.url()));
	page.on('pageerror', (e) => page.wrong.push(e.message));
	page.on('console', (m) => m.type() === 'error' && page.wrong.push(m.text()));
	await page.goto(url, { waitUntil: 'load' });
	return page;
}

// What sticks out to the right of the window; boxes that scroll by themselves may hold more.
const wider = () => {
	const out = [];
	const root = document.documentElement;
	if (root.scrollWidth > root.clientWidth)
		out.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
	for (const e of document.querySelectorAll('body *')) {
		const box = e.getBoundingClientRect();
		if (box.width > 0 && box.right > root.clientWidth + 1 && !e.closest('.scroll, .hide, .skip'))
			out.push(`${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`);
	}
	return out.slice(0, 5);
};

async function layout(browser) {
	for (const [name, width, zoom] of [['1280 px', 1280, 1], ['320 px', 320, 1],
		['400% zoom', 320, 4]]) {
		const page = await opened(browser, width, zoom, true);
		await page.evaluate(() => document.querySelectorAll('details').forEach((d, i) => {
			d.open = i < 60;
		}));
		const out = await page.evaluate(wider);
		report(`nothing overflows at ${name}`, out.length === 0, out.join('; '));
		if (pictures)
			await page.screenshot({ path: `${pictures}/${width}-${zoom}.png`,
				clip: { x: 0, y: 0, width, height: 12000 / zoom }, captureBeyondViewport: true });
		await page.close();
	}
}

async function accessible(browser) {
	for (const width of [1280, 320]) {
		const page = await opened(browser, width, 1, true);
		await page.evaluate(() => document.querySelectorAll('details').forEach((d, i) => {
			d.open = i < 20;
		}));
		await page.evaluate(axe);
		const result = await page.evaluate(() => window.axe.run(document, {
			runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
			resultTypes: ['violations'],
		}));
		const found = result.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html
			.slice(0, 120)}`);
		report(`axe finds nothing at ${width} px`, found.length === 0, found.join('; '));
		await page.close();
	}
}

async function structure(browser) {
	const page = await opened(browser, 1280, 1, false);
	const got = await page.evaluate(() => ({
		h1: document.querySelectorAll('h1').length,
		lang: document.documentElement.lang,
		skip: document.body.firstElementChild.getAttribute('href'),
		mains: document.querySelectorAll('main#main').length,
		bare: [...document.querySelectorAll('table')].filter((t) => !t.caption ||
			[...t.querySelectorAll('th')].some((h) => !h.scope)).length,
		ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
		links: [...document.querySelectorAll('a[href^="#"]')].map((a) => decodeURIComponent(
			a.hash.slice(1))),
		charts: [...document.querySelectorAll('figure')].filter((f) => !f.querySelector('svg') ||
			!f.querySelector('figcaption') || !f.querySelector('table')).length,
	}));
	report('one h1', got.h1 === 1, got.h1);
	report('the language', got.lang === 'en-GB', got.lang);
	report('a skip link to main', got.skip === '#main' && got.mains === 1, got.skip);
	report('tables have captions and scopes', got.bare === 0, got.bare);
	report('ids are unique', new Set(got.ids).size === got.ids.length, got.ids.filter((id, i) =>
		got.ids.indexOf(id) !== i).slice(0, 3));
	const lost = got.links.filter((l) => !got.ids.includes(l));
	report('links lead somewhere', lost.length === 0, lost.slice(0, 3));
	report('each chart has sentence and table', got.charts === 0, got.charts);
	report('nothing else is fetched', page.asked.length === 1, page.asked);
	const filters = await page.$('#filters:not([hidden])');
	report('without script no filters', filters === null, 'they show');
	await page.close();
}

const shown = (page) => page.evaluate(() => ({
	n: document.querySelectorAll('.finding:not([hidden])').length,
	all: document.querySelectorAll('.finding').length,
	said: document.getElementById('shown').textContent,
	groups: [...document.querySelectorAll('.rule:not([hidden])')].filter((g) =>
		!g.querySelector('.finding:not([hidden])')).length,
}));
const later = () => new Promise((done) => setTimeout(done, 400));

async function choose(page, name, nth) {
	await page.evaluate((id, i) => {
		const select = document.getElementById(id);
		select.selectedIndex = i;
		select.dispatchEvent(new Event('input', { bubbles: true }));
	}, `f-${name}`, nth);
	await later();
}

async function filters(browser) {
	const page = await opened(browser, 1280, 1, true);
	if (await page.$('#filters:not([hidden])') === null) {
		console.log(`ok no findings, no filters`);
		await page.close();
		return;
	}
	let now = await shown(page);
	report('all are shown at first', now.n === now.all && now.said.startsWith(`${now.n} of ${now.all} `),
		now.said);
	const names = ['provider', 'rule', 'severity', 'verdict'];
	if (await page.$('#f-status') !== null)
		names.push('status');
	for (const name of names) {
		await choose(page, name, 1);
		now = await shown(page);
		const wanted = await page.evaluate((key) => {
			const value = document.getElementById(`f-${key}`).value.slice(1);
			return [...document.querySelectorAll('.finding')].filter((f) =>
				f.getAttribute(`data-${key}`) === value).length;
		}, name);
		report(`by ${name}`, now.n === wanted && wanted > 0 && now.groups === 0 &&
			now.said === `${wanted} of ${now.all} findings shown`, JSON.stringify(now));
		await choose(page, name, 0);
	}
	const id = await page.evaluate(() => document.querySelector('.finding').id);
	await page.type('#f-text', id.toLowerCase());
	await later();
	now = await shown(page);
	report('by text', now.n === 1, JSON.stringify(now));
	await page.click('#filters button[type=reset]');
	await later();
	now = await shown(page);
	report('show all', now.n === now.all, JSON.stringify(now));
	report('no errors of the script', page.wrong.length === 0, page.wrong);
	await page.close();
}

// Focus is seen: the outline of what Tab reaches first.
async function keyboard(browser) {
	const page = await opened(browser, 1280, 1, true);
	await page.keyboard.press('Tab');
	const first = await page.evaluate(() => {
		const style = getComputedStyle(document.activeElement);
		return `${document.activeElement.className} ${style.outlineStyle} ${style.position}`;
	});
	report('Tab shows the skip link', first === 'skip solid static', first);
	await page.close();
}

async function paper(browser) {
	const page = await opened(browser, 1280, 1, false);
	await page.emulateMediaType('print');
	const folded = await page.evaluate(() => [...document.querySelectorAll('details')].filter((d) =>
		d.lastElementChild.getBoundingClientRect().height === 0).length);
	report('nothing stays folded on paper', folded === 0, folded);
	if (pictures)
		await page.pdf({ path: `${pictures}/page.pdf`, preferCSSPageSize: true, timeout: 0 });
	await page.close();
}

(async () => {
	const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || 'chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'], protocolTimeout: 300000 });
	try {
		await structure(browser);
		await layout(browser);
		await keyboard(browser);
		if (file.includes('report'))
			await filters(browser);
		await accessible(browser);
		await paper(browser);
	} finally {
		await browser.close();
	}
})().catch((e) => {
	console.log(`not ok the browser: ${e.message.replace(/\s+/g, ' ')}`);
});
