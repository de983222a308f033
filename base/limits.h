/*
 * Every limit, once: its value, and why it is that. Each has a diagnostic of its own and a test on
 * both sides of it.
 */
#ifndef VOUCH_BASE_LIMITS_H
#define VOUCH_BASE_LIMITS_H

#define LIMIT_FILE_BYTES (8u << 20)   /* a rule file; the longest contract known has under 100 kB */
#define LIMIT_FILES 256               /* files of one rulebook, `uses` included */
#define LIMIT_VERSIONS 64             /* a contract with all its amendments */
#define LIMIT_NESTING 200             /* brackets, ifs, chains of not and minus: recursion */
#define LIMIT_TREE 1000 /* levels of a syntax tree: a + b + c + … is a level a sign, and every walk
                           over the tree recurses, some 100 kB at this depth */
#define LIMIT_DEPTH 400               /* operators of one expression in a row, without brackets */
#define LIMIT_CHAIN 32                /* declarations that rest on each other in a chain */
#define LIMIT_STEPS 1000000           /* parts of one expression with all that it calls */
#define LIMIT_ARGUMENTS 16            /* inputs of a table or function */
#define LIMIT_TOKEN_BYTES 65536       /* one text or name */
#define LIMIT_DIAGNOSTICS 20          /* printed in one run; the rest are counted */
#define LIMIT_SCALE 1000000000000LL   /* the denominator of a fixed value: 10^12 */
#define LIMIT_CODES 250               /* codes of one list: one byte a value */
#define LIMIT_LINK_DEPTH 16           /* links followed from a row to what a contract covers */
#define LIMIT_REJECTED 5000000        /* rejected values listed by one run */
#define LIMIT_CARERS 16               /* logs that one visit may take */
#define LIMIT_DECIDING_ROWS 100 /* rows that settle an any, none or all of one finding, after which
                                   no more are looked for: all logs of a year at one minute would
                                   be held against each other in every one of their findings */
#define LIMIT_BOUND_STEPS 200000 /* parts of expressions worked out in search of the bounds of one
                                    finding, after which no box is halved any more: a few
                                    milliseconds, of which messy data need a million */
#define LIMIT_ASKED 1000              /* facts that one finding asks for; with more of them it has
                                         no bounds, and nobody would look for them all */
#define LIMIT_ASKED_IDLE 50           /* the same where nothing is at stake: no sum hangs on them */
#define LIMIT_COMPONENT_PAIRS 64000000 /* candidate pairs of one chain of visits and logs */
#define LIMIT_FLOW_SLOTS 2000         /* slots of one chain solved by shortest paths */
#define LIMIT_BANK_LINES 500000       /* entries of one bank that a case file lists */
#define LIMIT_SHEET_ROW (1 << 20)     /* bytes of one row of a provider's file: a quotation mark that is
                                         missing makes one of all that follows */
#define LIMIT_BOOK_ENTRIES 10000      /* files in a workbook's archive; a hundred sheets need 300 */
#define LIMIT_BOOK_PART (4LL << 30)   /* bytes that one sheet unpacks to: a million rows of
                                         eighty columns */
#define LIMIT_BOOK_STRINGS (512LL << 20) /* the same of the texts, held in memory */
#define LIMIT_BOOK_SMALL (64LL << 20) /* the same of the other parts: styles, paths */
#define LIMIT_BOOK_RATIO 250          /* times its packed bytes that a part may unpack to: sheets
                                         have 5 to 50, and a thousand is what a bomb is made of */
#define LIMIT_BOOK_RATIO_FROM (16 << 20) /* below this many bytes the ratio does not matter */
#define LIMIT_BOOK_TAG (1 << 20)      /* bytes of one tag of its XML: expat reads it again with
                                         every piece of the file that does not end it */
#define LIMIT_BOOK_FORMATS 10000      /* number formats of its own; Excel writes 250 at most */
#define LIMIT_BOOK_STYLES 70000       /* styles of cells; Excel writes 65,490 at most */
#define LIMIT_PERIODS 100000          /* periods of one row under `every week from … to …` */

#endif
