" Syntax of vouch rule files. Copy editors/vim to ~/.vim/pack/vouch/start/vouch.
if exists('b:current_syntax')
  finish
endif

syntax match vouchHead /^\(contract\|uses\|dataset\|layout\|calendar\|parameter\|rounding\|table\|define\|match\|sequence\|bank\|by hand\|rule\|measure\|kpi\|spot check\|example\|scenario\|replace\|withdraw\)\>/
syntax match vouchClause /^\s\+\(title\|council\|version\|amends\|in force\|in strata by\|published\|covers\|source\|key\|lasts\|newest by\|known from\|belongs to\|periods\|dates\|cites\|assumed\|from\|throughout\|nearest\|up to the next\|down to the last\|counts\|at least\|at most\|on\|is\|except\|when\|near\|take\|linked as\|severity\|for each\|among\|applies when\|require\|otherwise\|at stake\|show\|because\|given\|with\|audit\|known on\|expect\|figure\|part\|target\|fails\|needs\|compare\|credit\|debit\|expires\|holds\)\>/
syntax keyword vouchOperator and or not is if then else where in for of by within before after above below known missing
syntax keyword vouchFunction any all none count total least greatest average distinct first last share only_value list
syntax keyword vouchConstant yes no
syntax match vouchNumber /£\?\<[0-9][0-9,]*\(\.[0-9]\+\)\?%\?/
syntax match vouchDate /\<[0-9]\{4}-[0-9]\{2}-[0-9]\{2}\>/
syntax region vouchText start=/"/ end=/"/ oneline contains=vouchValue
syntax region vouchValue start=/{/ end=/}/ contained
syntax match vouchComment /#.*$/
syntax match vouchBar /|/

highlight default link vouchHead Keyword
highlight default link vouchClause Statement
highlight default link vouchOperator Operator
highlight default link vouchFunction Function
highlight default link vouchConstant Boolean
highlight default link vouchNumber Number
highlight default link vouchDate Number
highlight default link vouchText String
highlight default link vouchValue Special
highlight default link vouchComment Comment
highlight default link vouchBar Delimiter

let b:current_syntax = 'vouch'
