-- The tables that rules/lib/homecare.vouch reads. A council loads its exports into these; every
-- column that a contract's rules do not use may stay NULL. Dates are TEXT 'YYYY-MM-DD', clock times
-- TEXT 'HH:MM', moments TEXT 'YYYY-MM-DD HH:MM:SS' in local time or with an offset or Z; minutes are
-- INTEGER; money is REAL or TEXT or INTEGER pounds (22.59).
-- docs/schema.md explains each table and column.

CREATE TABLE providers (
	provider_ref    TEXT PRIMARY KEY NOT NULL,
	name            TEXT,
	cqc_registered  TEXT                -- yes or no
);

CREATE TABLE clients (
	client_ref      TEXT PRIMARY KEY NOT NULL,
	died            TEXT,               -- date, NULL while alive or not known
	postcode        TEXT                -- where the person lives, NULL where it is not needed
);

CREATE TABLE carers (
	carer_ref       TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers
);

-- A package of care awarded to a provider for a person.
CREATE TABLE provisions (
	provision_ref   TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	client_ref      TEXT REFERENCES clients,
	contract        TEXT,               -- the council's code: ccsh, csah
	service         TEXT,               -- home_care, take_a_break
	weekly_minutes  INTEGER,            -- commissioned
	rate            REAL,               -- pounds per hour awarded
	start_date      TEXT,
	end_date        TEXT                -- last day, NULL while it runs
);

-- One visit as the provider declared it in a weekly variation.
CREATE TABLE visits (
	visit_ref        TEXT PRIMARY KEY NOT NULL,
	provision_ref    TEXT REFERENCES provisions,
	visit_date       TEXT,
	start_time       TEXT,              -- planned start
	planned_minutes  INTEGER,           -- commissioned length, summed over carers
	declared_minutes INTEGER,           -- length claimed, summed over carers
	outcome          TEXT,              -- delivered, cancelled, frustrated, missed
	notice_minutes   INTEGER,           -- notice of a cancellation
	carers           INTEGER,           -- carers commissioned for the visit
	rate             REAL               -- pounds per hour claimed
);

-- The weekly variation of a provider, Monday to Sunday.
CREATE TABLE submissions (
	submission_ref  TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	week_start      TEXT,               -- a Monday
	submitted_at    TEXT                -- moment
);

-- What electronic call monitoring, or a paper log typed in, recorded: one row for each carer.
CREATE TABLE care_logs (
	log_ref         TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	client_ref      TEXT REFERENCES clients,
	carer_ref       TEXT REFERENCES carers,
	check_in        TEXT,
	check_out       TEXT,
	method          TEXT                -- app, phone, fob, manual
);

CREATE TABLE hospital_stays (
	stay_ref        TEXT NOT NULL,      -- of several rows the one that was entered last counts
	client_ref      TEXT REFERENCES clients,
	admitted        TEXT,               -- moment
	discharged      TEXT,               -- moment, NULL while in hospital
	entered_at      TEXT,               -- moment
	UNIQUE (stay_ref, entered_at)
);

-- Brokerage: packages advertised, bids, awards, handbacks.
CREATE TABLE awards (
	award_ref       TEXT PRIMARY KEY NOT NULL,
	provision_ref   TEXT REFERENCES provisions,
	provider_ref    TEXT REFERENCES providers,
	awarded_on      TEXT,
	weekly_minutes  INTEGER,
	rate            REAL
);

CREATE TABLE bids (
	bid_ref         TEXT PRIMARY KEY NOT NULL,
	award_ref       TEXT REFERENCES awards,
	provider_ref    TEXT REFERENCES providers,
	rate            REAL,
	won             TEXT                -- yes or no
);

CREATE TABLE handbacks (
	handback_ref    TEXT PRIMARY KEY NOT NULL,
	award_ref       TEXT REFERENCES awards,
	handed_back_on  TEXT,
	reason          TEXT                -- registration, staff, capacity, needs_changed, other
);

-- The form that a provider fills in each quarter: its own figures, in percent.
CREATE TABLE kpi_returns (
	return_ref        TEXT PRIMARY KEY NOT NULL,
	provider_ref      TEXT REFERENCES providers,
	quarter_start     TEXT,             -- date: 1 January, April, July or October
	handbacks_percent REAL,             -- NULL where nothing is said
	missed_percent    REAL,
	late_percent      REAL
);
