-- What Peterborough's rules read beside the tables of homecare.sql, which comes first. Money, dates
-- and minutes are written as there; miles may have decimals.

ALTER TABLE clients ADD COLUMN born TEXT;                 -- date of birth
ALTER TABLE clients ADD COLUMN district TEXT;             -- first half of the postcode: PE1

-- A package is on the DPS (paid by the hour) or in a block (paid by the block's guarantee).
ALTER TABLE provisions ADD COLUMN support TEXT;           -- home_care, community_support
ALTER TABLE provisions ADD COLUMN need TEXT;              -- generic, complex
ALTER TABLE provisions ADD COLUMN personal_care TEXT;     -- yes or no
ALTER TABLE provisions ADD COLUMN card_ref TEXT;          -- card that prices it, NULL in a block
ALTER TABLE provisions ADD COLUMN block_ref TEXT;         -- NULL on the DPS

ALTER TABLE visits ADD COLUMN miles REAL;                 -- driven for the visit
ALTER TABLE visits ADD COLUMN mileage REAL;               -- pounds claimed for them
ALTER TABLE visits ADD COLUMN travel_minutes INTEGER;     -- on the way to the visit
ALTER TABLE visits ADD COLUMN travel_pay REAL;            -- pounds claimed for that time

-- Who is on the DPS.
CREATE TABLE dps_members (
	member_ref      TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	joined_on       TEXT,
	left_on         TEXT                -- last day, NULL while on it
);

-- What a provider offers: one card for each need and age that it prices apart.
CREATE TABLE rate_cards (
	card_ref        TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	need            TEXT,               -- single, generic, complex
	age             TEXT,               -- all_ages, adult, child
	night_apart     TEXT,               -- yes where nights have another rate
	holiday_apart   TEXT,               -- yes where bank holidays have another rate
	travel          TEXT,               -- within_rate, apart
	start_date      TEXT,
	end_date        TEXT                -- last day, NULL while it is offered
);

-- The hourly rates of a card, one after the other; each holds until the next begins.
CREATE TABLE rate_prices (
	price_ref       TEXT PRIMARY KEY NOT NULL,
	card_ref        TEXT REFERENCES rate_cards,
	start_date      TEXT,
	rate            REAL                -- pounds per hour, by day, not on a bank holiday
);

-- What makes up the rate of a package that is costed by itself.
CREATE TABLE costings (
	costing_ref     TEXT PRIMARY KEY NOT NULL,
	provision_ref   TEXT REFERENCES provisions,
	item            TEXT,               -- staff, qualification, training, travel, running
	rate            REAL                -- pounds per hour
);

-- Block contracts: so many hours a week, paid whether they are used or not.
CREATE TABLE blocks (
	block_ref       TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	weekly_minutes  INTEGER,            -- guaranteed
	rate            REAL,               -- pounds per hour
	district        TEXT,
	start_date      TEXT,               -- a Monday
	end_date        TEXT                -- a Sunday, NULL while it runs
);

CREATE TABLE block_payments (
	payment_ref     TEXT PRIMARY KEY NOT NULL,
	block_ref       TEXT REFERENCES blocks,
	week_start      TEXT,               -- a Monday
	amount          REAL                -- pounds paid for the week
);

CREATE TABLE block_reviews (
	review_ref      TEXT PRIMARY KEY NOT NULL,
	block_ref       TEXT REFERENCES blocks,
	reviewed_on     TEXT
);

-- A person away from home, in hospital or elsewhere; both days count.
CREATE TABLE absences (
	absence_ref     TEXT PRIMARY KEY NOT NULL,
	provision_ref   TEXT REFERENCES provisions,
	reason          TEXT,               -- hospital, away
	first_day       TEXT,
	last_day        TEXT                -- NULL while the person is away
);

-- What was paid to keep a package's carers during an absence, from day to day.
CREATE TABLE retainers (
	retainer_ref    TEXT PRIMARY KEY NOT NULL,
	absence_ref     TEXT REFERENCES absences,
	first_day       TEXT,
	last_day        TEXT,
	amount          REAL                -- pounds
);

CREATE TABLE endings (
	ending_ref      TEXT PRIMARY KEY NOT NULL,
	provision_ref   TEXT REFERENCES provisions,
	given_by        TEXT,               -- council, provider, person
	given_on        TEXT,
	last_day        TEXT,               -- last day of care
	in_lieu         REAL                -- pounds paid in place of notice
);

CREATE TABLE trainings (
	training_ref    TEXT PRIMARY KEY NOT NULL,
	carer_ref       TEXT REFERENCES carers,
	client_ref      TEXT REFERENCES clients,   -- the person whose care was taught
	trained_on      TEXT,
	valid_to        TEXT                -- last day, NULL where it does not lapse
);

CREATE TABLE waiting_list (
	waiting_ref     TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	client_ref      TEXT REFERENCES clients,
	joined_on       TEXT,
	started_on      TEXT,               -- NULL while the person waits
	urgent          TEXT                -- yes or no
);

-- The postcode districts in which a provider is to take packages.
CREATE TABLE allocations (
	allocation_ref  TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	district        TEXT,
	start_date      TEXT,
	end_date        TEXT                -- last day, NULL while it runs
);

-- Answers to a soft market test, one row for each organisation. Empty: not answered.
CREATE TABLE responses (
	response_ref     TEXT PRIMARY KEY NOT NULL,
	exercise         TEXT,              -- which test: 2022
	answered_on      TEXT,
	contract_now     TEXT,              -- dps_children, dps_adults, other_contract, dps_idle, none
	support          TEXT,              -- both, home_care, community_support, neither
	children         TEXT,              -- yes or no: supports children and young people now
	place            TEXT,              -- cambridgeshire, peterborough, both, neither
	skills           TEXT,              -- differ, differ_and_cost, same
	cqc_registered   TEXT,              -- yes or no
	would_block      TEXT,              -- yes or no
	would_framework  TEXT,              -- yes or no
	attractive       TEXT,              -- block, framework, no_preference
	cheaper          TEXT,              -- block, framework, no_difference
	need_apart       TEXT,              -- yes where generic and specialist support are priced apart
	age_apart        TEXT,              -- yes or no
	holiday_apart    TEXT,              -- yes or no
	night_apart      TEXT,              -- yes or no
	single_rate      REAL,              -- pounds per hour
	generic_rate     REAL,
	complex_rate     REAL
);
