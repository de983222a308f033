-- What Hampshire records beside the tables of rules/lib/homecare.sql.

-- What kind of care a package is, and by when the provider's quarterly form came.
ALTER TABLE awards ADD COLUMN care TEXT;          -- personal_care, learning_disability, autism
ALTER TABLE kpi_returns ADD COLUMN received_on TEXT;

-- For what kinds of care a provider is registered with the Care Quality Commission.
CREATE TABLE registrations (
	registration_ref  TEXT PRIMARY KEY NOT NULL,
	provider_ref      TEXT REFERENCES providers,
	care              TEXT,               -- personal_care, learning_disability, autism
	start_date        TEXT,
	end_date          TEXT                -- last day, NULL while it holds
);

-- For what kinds of care a provider has shown that its staff are trained.
CREATE TABLE trainings (
	training_ref      TEXT PRIMARY KEY NOT NULL,
	provider_ref      TEXT REFERENCES providers,
	care              TEXT,
	start_date        TEXT,
	end_date          TEXT
);

-- The concordats and charters that a provider has signed.
CREATE TABLE pledges (
	pledge_ref        TEXT PRIMARY KEY NOT NULL,
	provider_ref      TEXT REFERENCES providers,
	kind              TEXT,               -- concordat, charter
	start_date        TEXT,
	end_date          TEXT
);

-- The covering emails of the quarterly form: which provider was asked, and by when it had to answer.
CREATE TABLE kpi_requests (
	request_ref       TEXT PRIMARY KEY NOT NULL,
	provider_ref      TEXT REFERENCES providers,
	quarter_start     TEXT,
	due_on            TEXT
);

-- The hours of one week of a provision as they were entered, week by week; a later entry for the same
-- week takes the place of an earlier one.
CREATE TABLE variations (
	variation_ref     TEXT PRIMARY KEY NOT NULL,
	provision_ref     TEXT REFERENCES provisions,
	week_start        TEXT,               -- a Monday
	minutes           INTEGER,
	entered_at        TEXT                -- moment
);

-- What was paid for a provision at the end of a payment period, in its three passes. Sums are pounds;
-- a sum below zero was reclaimed.
CREATE TABLE statements (
	statement_ref     TEXT PRIMARY KEY NOT NULL,
	provision_ref     TEXT REFERENCES provisions,
	period_start      TEXT,               -- first day of the payment period
	core              REAL,               -- the period itself, as commissioned
	settlement        REAL,               -- the period before, by the hours submitted
	late_changes      REAL                -- the one before that, by what was changed since
);
