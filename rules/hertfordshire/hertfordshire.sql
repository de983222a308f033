-- What Hertfordshire's supported living asks beside the tables of rules/lib/homecare.sql.

ALTER TABLE providers ADD COLUMN personal_care TEXT;      -- yes: registered to deliver personal care

ALTER TABLE provisions ADD COLUMN scheme_ref TEXT;        -- NULL: dispersed, no shared hours
ALTER TABLE provisions ADD COLUMN need TEXT;              -- learning_disability, autism, mental_health, physical_disability
ALTER TABLE provisions ADD COLUMN area TEXT;
ALTER TABLE provisions ADD COLUMN complexity TEXT;        -- standard, complex, bespoke
ALTER TABLE provisions ADD COLUMN personal_care TEXT;     -- yes: personal care is given
ALTER TABLE provisions ADD COLUMN core_minutes INTEGER;   -- a week
ALTER TABLE provisions ADD COLUMN core_rate REAL;         -- pounds per hour
ALTER TABLE provisions ADD COLUMN extra_minutes INTEGER;  -- additional hours, a week
ALTER TABLE provisions ADD COLUMN extra_rate REAL;
ALTER TABLE provisions ADD COLUMN up_to_minutes INTEGER;  -- the most that is paid for in a week

-- The weights of a call-off, in percent.
ALTER TABLE awards ADD COLUMN quality_weight REAL;
ALTER TABLE awards ADD COLUMN price_weight REAL;
ALTER TABLE awards ADD COLUMN choice_weight REAL;

-- How a bid was scored at the call-off, each out of a hundred.
ALTER TABLE bids ADD COLUMN quality_score REAL;
ALTER TABLE bids ADD COLUMN price_score REAL;
ALTER TABLE bids ADD COLUMN choice_score REAL;
ALTER TABLE bids ADD COLUMN total_score REAL;

-- A provider's places on the framework: one for each need, area and complexity that it chose.
CREATE TABLE framework_places (
	place_ref      TEXT PRIMARY KEY NOT NULL,
	provider_ref   TEXT REFERENCES providers,
	need           TEXT,
	area           TEXT,
	complexity     TEXT,
	quality_score  REAL,               -- out of a hundred, from the evaluation
	start_date     TEXT,
	end_date       TEXT                -- last day, NULL while it holds
);

-- The days on which the framework was opened to new providers.
CREATE TABLE openings (
	opening_ref    TEXT PRIMARY KEY NOT NULL,
	opened_on      TEXT
);

-- Shared accommodation, or a cluster of flats, with hours that its people share.
CREATE TABLE schemes (
	scheme_ref      TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	shared_minutes  INTEGER,           -- commissioned, a week
	least_minutes   INTEGER,           -- the least that keeps everybody safe, as assessed
	rate            REAL,              -- pounds per hour
	start_date      TEXT,
	end_date        TEXT               -- last day, NULL while it runs
);

-- Individual hours that a person has chosen to pool with others of the scheme.
CREATE TABLE poolings (
	pooling_ref    TEXT PRIMARY KEY NOT NULL,
	provision_ref  TEXT REFERENCES provisions,
	minutes        INTEGER,            -- a week
	chosen_on      TEXT,               -- the day on which the person's choice was recorded
	start_date     TEXT,
	end_date       TEXT                -- last day, NULL while it holds
);

-- Reviews of the hours commissioned.
CREATE TABLE reviews (
	review_ref     TEXT PRIMARY KEY NOT NULL,
	provision_ref  TEXT REFERENCES provisions,
	held_on        TEXT,
	minutes_before INTEGER,            -- a week
	minutes_after  INTEGER,
	significant    TEXT                -- yes: recorded as a significant change in need
);

-- Support as electronic monitoring recorded it.
CREATE TABLE sessions (
	session_ref    TEXT PRIMARY KEY NOT NULL,
	provision_ref  TEXT REFERENCES provisions,
	check_in       TEXT,
	check_out      TEXT
);

-- What a provider claims for a person and a week.
CREATE TABLE claims (
	claim_ref      TEXT PRIMARY KEY NOT NULL,
	provision_ref  TEXT REFERENCES provisions,
	week_start     TEXT,               -- a Monday
	minutes        INTEGER,
	amount         REAL                -- pounds
);
