-- The figures that the five source documents publish, and what each says of others. From the folder
-- that holds the CSV files:
--
--   sqlite3 published.db '.read published.sql'
--   vouch audit published.db -c published -o case.db --to 2026-12-31

CREATE TABLE documents (
	document_ref  TEXT PRIMARY KEY NOT NULL,
	title         TEXT,
	dated         TEXT                -- date; the first of the month where only that is given
);

CREATE TABLE figures (
	figure_ref    TEXT PRIMARY KEY NOT NULL,
	document_ref  TEXT REFERENCES documents,
	section       TEXT,               -- where in the document it stands
	what          TEXT,
	value         TEXT,               -- as printed, in the unit beside it
	unit          TEXT,
	places        INTEGER             -- decimals that are printed
);

-- A statement about a figure: it is the sum of its parts, lies within a range, is a mean.
CREATE TABLE checks (
	check_ref     TEXT PRIMARY KEY NOT NULL,
	figure_ref    TEXT REFERENCES figures,
	kind          TEXT,               -- sum, mean, between, at_most, same
	title         TEXT
);

-- The other figures that a check speaks of.
CREATE TABLE parts (
	part_ref      TEXT PRIMARY KEY NOT NULL,
	check_ref     TEXT REFERENCES checks,
	role          TEXT,               -- part; dividend, divisor; low, high; whole; same
	figure_ref    TEXT REFERENCES figures
);

-- Published days, with the weekday where one is printed; the last day where it is a span.
CREATE TABLE events (
	event_ref     TEXT PRIMARY KEY NOT NULL,
	document_ref  TEXT REFERENCES documents,
	section       TEXT,
	what          TEXT,
	weekday       TEXT,
	day           TEXT,
	last_weekday  TEXT,
	last_day      TEXT
);

.import --csv --skip 1 documents.csv documents
.import --csv --skip 1 figures.csv figures
.import --csv --skip 1 checks.csv checks
.import --csv --skip 1 parts.csv parts
.import --csv --skip 1 events.csv events
UPDATE events SET weekday = nullif(weekday, ''), last_weekday = nullif(last_weekday, ''),
	last_day = nullif(last_day, '');
