-- What the council keeps beside the tables of homecare.sql, applied after it. Conventions as there:
-- dates are TEXT 'YYYY-MM-DD', money is pounds, minutes are INTEGER.

-- framework, dps, spot or reablement stand in provisions.contract.
ALTER TABLE provisions ADD COLUMN weekly_cost REAL;     -- pounds a week, as the council pays it
ALTER TABLE provisions ADD COLUMN ended_because TEXT;   -- no_longer_needed, handed_back,
                                                        -- moved_by_council

ALTER TABLE awards ADD COLUMN referral_ref TEXT REFERENCES referrals;

-- Whether the provider gave a package up because working with the council was no longer viable.
ALTER TABLE handbacks ADD COLUMN not_viable TEXT;       -- yes or no

-- The framework's geographical lots, and who has a place on which of them.
CREATE TABLE lots (
	lot_ref         TEXT PRIMARY KEY NOT NULL,
	name            TEXT
);

CREATE TABLE framework_places (
	place_ref       TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	lot_ref         TEXT REFERENCES lots,
	start_date      TEXT,
	end_date        TEXT                -- last day, NULL while nothing is agreed
);

-- A person for whom brokerage looks for a provider.
CREATE TABLE referrals (
	referral_ref    TEXT PRIMARY KEY NOT NULL,
	client_ref      TEXT REFERENCES clients,
	lot_ref         TEXT REFERENCES lots,
	district        TEXT,               -- first half of the postcode: E4
	service         TEXT,               -- home_care, reablement
	for_whom        TEXT,               -- adult, child
	support         TEXT,               -- personal_care, medication, activities
	received_on     TEXT
);

-- What a framework provider answered when it was asked to take a referral.
CREATE TABLE framework_answers (
	answer_ref      TEXT PRIMARY KEY NOT NULL,
	referral_ref    TEXT REFERENCES referrals,
	provider_ref    TEXT REFERENCES providers,
	answered_on     TEXT,
	answer          TEXT                -- accepted, no_capacity, refused
);

-- A provider's rating from the day on which it was published.
CREATE TABLE cqc_ratings (
	rating_ref      TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	published_on    TEXT,
	rating          TEXT                -- outstanding, good, requires_improvement, inadequate,
	                                    -- not_inspected
);

-- Concerns about a provider's service that the council has recorded.
CREATE TABLE concerns (
	concern_ref     TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	raised_on       TEXT,
	closed_on       TEXT,               -- last day, NULL while it is open
	serious         TEXT,               -- yes or no
	high_risk       TEXT                -- yes or no: residents are at high risk
);

-- What a reablement package is to achieve, and what came of it.
CREATE TABLE outcomes (
	outcome_ref     TEXT PRIMARY KEY NOT NULL,
	provision_ref   TEXT REFERENCES provisions,
	agreed_on       TEXT,
	reviewed_on     TEXT,
	result          TEXT                -- met, partly_met, not_met
);

-- A market position as it is published, and the lines of its table.
CREATE TABLE positions (
	position_ref             TEXT PRIMARY KEY NOT NULL,
	position_date            TEXT,      -- the day that the figures speak of
	updated_on               TEXT,
	next_review_on           TEXT,
	homecare_providers       INTEGER,   -- all, with packages or without
	providers_with_packages  INTEGER,
	reablement_providers     INTEGER,
	reablement_packages      INTEGER
);

CREATE TABLE position_lines (
	line_ref        TEXT PRIMARY KEY NOT NULL,
	position_ref    TEXT REFERENCES positions,
	held            TEXT,               -- framework, outside, all
	packages        INTEGER,
	weekly_hours    REAL,
	weekly_cost     REAL,
	average_rate    REAL,
	lowest_rate     REAL,
	highest_rate    REAL
);
