/*
 * Every diagnostic: X(NAME, code, severity, title). E01xx reading the text, E02xx names, types and
 * units, E03xx meaning of declarations, E04xx contracts, versions and files, E05xx data, E06xx the
 * run, W07xx warnings, E08xx tests in the language. Each has a page docs/errors/CODE.md and a case
 * that raises it. A code, once published, keeps its meaning.
 */
#ifndef VOUCH_DSL_CODES_H
#define VOUCH_DSL_CODES_H

#define DIAG_CODES(X)                                                                             \
	/* reading the text */                                                                           \
	X(BAD_UTF8, "E0101", DIAG_ERROR, "the file is not valid UTF-8")                                  \
	X(NUL_BYTE, "E0102", DIAG_ERROR, "the file holds a NUL byte")                                    \
	X(FILE_TOO_LARGE, "E0103", DIAG_ERROR, "the file is too large")                                  \
	X(TOO_DEEP, "E0104", DIAG_ERROR, "nested too deeply")                                            \
	X(TOKEN_TOO_LONG, "E0105", DIAG_ERROR, "a word or text is too long")                             \
	X(UNEXPECTED, "E0106", DIAG_ERROR, "something else was expected here")                           \
	X(BAD_CHARACTER, "E0107", DIAG_ERROR, "a character that the language does not use")              \
	X(CURLY_QUOTE, "E0108", DIAG_ERROR, "a curly quote from a word processor")                       \
	X(OPEN_TEXT, "E0109", DIAG_ERROR, "a text is not closed")                                        \
	X(BAD_NUMBER, "E0110", DIAG_ERROR, "a number is not written as the language writes numbers")     \
	X(BAD_DATE, "E0111", DIAG_ERROR, "there is no such date or time")                                \
	X(NO_BRACES_HERE, "E0112", DIAG_ERROR, "braces cannot stand in this text")                       \
	X(CHAINED_COMPARISON, "E0113", DIAG_ERROR, "comparisons cannot be chained")                      \
	X(DASH, "E0114", DIAG_ERROR, "a long dash from a word processor")                                \
	/* names, types and units */                                                                     \
	X(UNKNOWN_NAME, "E0201", DIAG_ERROR, "nothing has this name")                                    \
	X(UNKNOWN_FIELD, "E0202", DIAG_ERROR, "the dataset has no such field")                           \
	X(UNKNOWN_TYPE, "E0203", DIAG_ERROR, "nothing has this type")                                    \
	X(UNKNOWN_UNIT, "E0204", DIAG_ERROR, "not a unit")                                               \
	X(UNKNOWN_CODE, "E0205", DIAG_ERROR, "the list has no such code")                                \
	X(TYPE_MISMATCH, "E0206", DIAG_ERROR, "a value of another type is needed here")                  \
	X(COMPARE_UNITS, "E0207", DIAG_ERROR, "values of different units cannot be compared")            \
	X(ADD_UNITS, "E0208", DIAG_ERROR, "values of different units cannot be added or subtracted")     \
	X(MULTIPLY_UNITS, "E0209", DIAG_ERROR, "these cannot be multiplied or divided")                  \
	X(NOT_COMPARABLE, "E0210", DIAG_ERROR, "these cannot be compared")                               \
	X(NO_ORDER, "E0211", DIAG_ERROR, "these have no order")                                          \
	X(NOT_YES_NO, "E0212", DIAG_ERROR, "a condition must be yes or no")                              \
	X(NOT_A_ROW, "E0213", DIAG_ERROR, "only a row has fields")                                       \
	X(NOT_ROWS, "E0214", DIAG_ERROR, "a collection of rows is needed here")                          \
	X(ARGUMENT_COUNT, "E0215", DIAG_ERROR, "the number of arguments differs")                        \
	X(NOT_A_FUNCTION, "E0216", DIAG_ERROR, "this is not a function")                                 \
	X(SCALE, "E0217", DIAG_ERROR, "a value carries too many decimal places")                         \
	X(RATIO_SUM, "E0218", DIAG_ERROR, "quotients cannot be added up before they are rounded")        \
	X(DIVIDE_BY_ZERO, "E0219", DIAG_ERROR, "division by a literal zero")                             \
	X(SHADOWS, "E0220", DIAG_ERROR, "a name repeats a name in sight")                                \
	X(AGGREGATE_ONLY, "E0221", DIAG_ERROR, "only an aggregate has rows to speak of")                 \
	X(PLAIN_FIELD, "E0222", DIAG_ERROR, "a group has many rows; say which value is meant")           \
	X(SPAN_UNITS, "E0223", DIAG_ERROR, "calendar spans and elapsed time do not mix")                 \
	X(AMBIGUOUS_KEY, "E0224", DIAG_ERROR, "two keys of the group have the same name")                \
	X(NO_VALUE, "E0225", DIAG_ERROR, "this has no value")                                            \
	X(LITERAL_RANGE, "E0226", DIAG_ERROR, "the number is too large to be held exactly")              \
	X(TEXT_ORDER, "E0227", DIAG_ERROR, "texts have no order")                                        \
	/* meaning of declarations */                                                                    \
	X(DUPLICATE, "E0301", DIAG_ERROR, "declared twice")                                              \
	X(CLAUSE_TWICE, "E0302", DIAG_ERROR, "a clause is given twice")                                  \
	X(CLAUSE_MISSING, "E0303", DIAG_ERROR, "a clause is missing")                                    \
	X(CYCLE, "E0304", DIAG_ERROR, "declarations need each other in a circle")                        \
	X(OVER_CYCLE, "E0305", DIAG_ERROR, "exceptions rank over each other in a circle")                \
	X(UNKNOWN_LABEL, "E0306", DIAG_ERROR, "no exception has this label")                             \
	X(TWO_VALUES, "E0307", DIAG_ERROR, "two values begin on the same day")                           \
	X(ROW_CELLS, "E0308", DIAG_ERROR, "the row has another number of cells")                         \
	X(ROWS_OVERLAP, "E0309", DIAG_ERROR, "two rows of a table fit the same input")                   \
	X(ROUNDING_KIND, "E0310", DIAG_ERROR, "the rounding is not for values of this kind")             \
	X(BAD_STEP, "E0311", DIAG_ERROR, "a rounding cannot go by this step")                            \
	X(BANDS_OVERLAP, "E0312", DIAG_ERROR, "two bands of a rounding overlap")                         \
	X(NO_KEY, "E0313", DIAG_ERROR, "a dataset needs a key")                                          \
	X(BAD_UNIT_FOR_TYPE, "E0314", DIAG_ERROR, "the column's unit does not fit the field's type")     \
	X(MATCH_WHEN, "E0315", DIAG_ERROR, "a match pairs rows by equal keys")                           \
	X(AMONG, "E0316", DIAG_ERROR, "among and for each do not fit")                                   \
	X(COVER_PATH, "E0317", DIAG_ERROR, "more than one path of links leads to the rows covered")      \
	X(NOT_BUILT, "E0318", DIAG_ERROR, "this part of the language is not available yet")              \
	X(BAD_PERIOD, "E0319", DIAG_ERROR, "the calendar's periods cannot be laid out")                  \
	X(NO_SOURCE, "E0320", DIAG_ERROR, "cites a source that the contract does not name")              \
	X(BAD_SEVERITY, "E0321", DIAG_ERROR, "not a severity")                                           \
	X(TOO_MANY_CODES, "E0322", DIAG_ERROR, "too many codes in a list")                               \
	X(NOT_CONSTANT, "E0323", DIAG_ERROR, "a value that is known beforehand is needed here")          \
	X(EXCEPTION_TWICE, "E0324", DIAG_ERROR, "two exceptions have the same label")                    \
	X(BAD_CONVERSION, "E0325", DIAG_ERROR, "the column cannot be read as asked")                     \
	X(TOO_MANY_EXCEPTIONS, "E0326", DIAG_ERROR, "too many exceptions")                               \
	X(WHERE_REACH, "E0327", DIAG_ERROR, "a dataset's `where` reaches beyond its row")                \
	X(LINK_KEY, "E0328", DIAG_ERROR, "a link's fields are not the key that it leads by")             \
	X(SEQUENCE, "E0330", DIAG_ERROR, "a sequence cannot be laid out so")                             \
	X(BANK, "E0331", DIAG_ERROR, "a bank's accounts and entries do not fit")                         \
	X(BANK_EXPIRY, "E0332", DIAG_ERROR, "a credit would expire before it can be used")               \
	X(NO_LAW_DATE, "E0333", DIAG_ERROR, "what has no law date rests on what changes by date")          \
	X(TARGET_FAILS, "E0340", DIAG_ERROR, "a figure can meet the target and fail at once")            \
	X(BAD_WINDOW, "E0341", DIAG_ERROR, "a rolling window cannot stand here")                         \
	X(KPI_CLAUSE, "E0342", DIAG_ERROR, "a clause of a kpi that cannot stand here")                   \
	X(LAYOUT, "E0343", DIAG_ERROR, "a layout does not fit its dataset")                              \
	X(SPOT, "E0344", DIAG_ERROR, "a spot check cannot be carried out so")                            \
	X(NOT_THERE, "E0350", DIAG_ERROR, "the earlier version has no such declaration")              \
	X(AMENDED_TWICE, "E0351", DIAG_ERROR, "one amendment changes a declaration twice")            \
	X(AMENDED_SHAPE, "E0352", DIAG_ERROR, "an amendment cannot change this")                      \
	X(WITHDRAWN, "E0353", DIAG_ERROR, "uses what an amendment withdraws")                         \
	X(LATER_VERSION, "E0354", DIAG_ERROR, "uses what only a later version declares")              \
	X(AMENDMENT_ONLY, "E0355", DIAG_ERROR, "only an amendment replaces or withdraws")             \
	/* contracts, versions and files */                                                              \
	X(NO_FILE, "E0401", DIAG_ERROR, "the file cannot be read")                                       \
	X(OUTSIDE_ROOT, "E0402", DIAG_ERROR, "uses leads outside the rules")                             \
	X(USES_CYCLE, "E0403", DIAG_ERROR, "files use each other in a circle")                           \
	X(TOO_MANY_FILES, "E0404", DIAG_ERROR, "too many files")                                         \
	X(NO_CONTRACT, "E0405", DIAG_ERROR, "the file declares no contract")                             \
	X(TWO_CONTRACTS, "E0406", DIAG_ERROR, "the file declares two contracts")                         \
	X(BAD_LIFE, "E0407", DIAG_ERROR, "the contract ends before it begins")                           \
	X(NO_SUCH_CONTRACT, "E0408", DIAG_ERROR, "no contract has this name")                            \
	X(LIB_CONTRACT, "E0409", DIAG_ERROR, "a file that is used cannot declare a contract")            \
	X(NO_BASE, "E0410", DIAG_ERROR, "no file makes the version that is amended")                  \
	X(NO_LINE, "E0411", DIAG_ERROR, "the versions form no line")                                  \
	X(VERSION_DAYS, "E0412", DIAG_ERROR, "a version begins no later than the one it amends")      \
	/* data */                                                                                       \
	X(NO_TABLE, "E0501", DIAG_ERROR, "the database has no such table")                               \
	X(NO_COLUMN, "E0502", DIAG_ERROR, "the table has no such column")                                \
	X(NOT_A_DATABASE, "E0503", DIAG_ERROR, "the file is not a database")                             \
	X(DATA_LOCKED, "E0504", DIAG_ERROR, "the database is locked")                                    \
	X(CHANGED_WHILE_READING, "E0505", DIAG_ERROR, "the database kept changing while it was read")    \
	X(COLUMN_TYPE, "E0506", DIAG_ERROR, "the column holds values of another type")                   \
	X(DATA_READ, "E0507", DIAG_ERROR, "the database cannot be read")                                 \
	X(SHEET, "E0508", DIAG_ERROR, "the file is no table that can be read")                           \
	X(IMPORT_COLUMNS, "E0509", DIAG_ERROR, "the file's columns do not fit")                          \
	X(IMPORT_AGAIN, "E0510", DIAG_ERROR, "the file has been imported already")                       \
	X(IMPORT_DATABASE, "E0511", DIAG_ERROR, "the database cannot take the rows")                     \
	/* the run */                                                                                    \
	X(OVERFLOW, "E0601", DIAG_ERROR, "a value is too large to be held exactly")                      \
	X(MEMORY, "E0602", DIAG_ERROR, "the audit will not fit into memory")                             \
	X(TOO_MANY_REJECTED, "E0603", DIAG_ERROR, "too many rejected values")                            \
	X(MATCH_PAIRS, "E0604", DIAG_ERROR, "too many visits and logs within reach of each other")       \
	X(EVALUATORS_DIFFER, "E0605", DIAG_ERROR, "the two evaluators disagree")                         \
	X(CASE_FILE, "E0606", DIAG_ERROR, "the case file cannot be written")                             \
	X(NO_FINDING, "E0607", DIAG_ERROR, "the case file has no such finding")                          \
	X(NOT_A_CASE, "E0608", DIAG_ERROR, "the file is not a case file")                                \
	X(NO_PROVIDER, "E0610", DIAG_ERROR, "the data has no such provider")                         \
	X(BANK_SUM, "E0609", DIAG_ERROR, "the accounts of a bank do not add up")                         \
	X(SEALED, "E0611", DIAG_ERROR, "a version has changed since it was used")                     \
	X(NO_SPOT, "E0620", DIAG_ERROR, "there is no such spot check")                                   \
	X(SPOT_DRAW, "E0621", DIAG_ERROR, "the sample cannot be drawn or evaluated so")                  \
	X(EVENT_MOVE, "E0630", DIAG_ERROR, "this cannot be said of the finding now")                  \
	X(EVENT_LIST, "E0631", DIAG_ERROR, "what is said of a finding cannot be read")                \
	/* warnings */                                                                                   \
	X(W_EXCEPTIONS_OVERLAP, "W0701", DIAG_WARNING, "two exceptions can hold at once")                \
	X(W_NEVER_HOLDS, "W0702", DIAG_WARNING, "a condition can never hold")                            \
	X(W_BAND_GAP, "W0703", DIAG_WARNING, "a hole between two bands")                                 \
	X(W_GROUP_LAW, "W0704", DIAG_WARNING, "a group adds up values that stand under other dates")     \
	X(W_EXACT_EQUAL, "W0705", DIAG_WARNING, "unrounded money compared for equality")                 \
	X(W_AVERAGE_RATE, "W0706", DIAG_WARNING, "an average of rates is not weighted")                  \
	X(W_UNUSED, "W0707", DIAG_WARNING, "declared but not used")                                      \
	X(W_LIST_NUMBER, "W0708", DIAG_WARNING, "a comma inside a number in a list")                     \
	X(W_NO_SCENARIO, "W0709", DIAG_WARNING, "a rule without a scenario")                             \
	X(W_PARAMETER_GAP, "W0710", DIAG_WARNING, "no value in force on some days of the contract")      \
	X(W_SPOT_RISK, "W0711", DIAG_WARNING, "the sample does not hold the plan's risk")                \
	X(W_EVENT_SUM, "W0715", DIAG_WARNING, "a sum that the finding does not bear out")             \
	/* tests in the language */                                                                      \
	X(GIVEN_UNKNOWN, "E0801", DIAG_ERROR, "given speaks of an unknown dataset or field")             \
	X(GIVEN_CELL, "E0802", DIAG_ERROR, "a given cell cannot be read")                                \
	X(EXPECT_UNKNOWN, "E0803", DIAG_ERROR, "expect speaks of something unknown")                     \
	X(EXAMPLE_FORM, "E0804", DIAG_ERROR, "an example is an expression that must be yes")

#endif
