/*
 * Package after package is made, planted in, judged, counted and written; before them what they
 * stand on, and behind them what is counted over all of them.
 */
#include "corpus/kent.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/kent_rows.h"

/* The contract ran to 7 April 2024; a county of its first year is enough for every rule. */
#define FIRST_DAY 17994 /* 8 April 2019, a Monday: the first day of the contract */

/* What keys begin with and how many digits they have, in the order of KEY_LOT and those behind
 * it. */
static const KeyShape own_keys[] = {{"LOT", 2}, {"OLD", 2}, {"E02", 6}, {"AP", 3}, {"RC", 3},
	{"CV", 4}, {"N", 7}, {"OF", 7}, {"LR", 4}, {"BW", 6}, {"EC", 2}, {"SH", 6}, {"TN", 3}, {"RV", 4},
	{"WR", 4}};

/* Names and columns as in rules/kent/kent.sql and the shared schema, in which they are made. */
static const char *const tables[T_COUNT][2] = {
	[T_PROVIDERS] = {"providers", "provider_ref, name, cqc_registered, on_portal, monitored"},
	[T_CLIENTS] = {"clients", "client_ref, postcode, born"},
	[T_CARERS] = {"carers", "carer_ref, provider_ref"},
	[T_PROVISIONS] = {"provisions", "provision_ref, provider_ref, client_ref, contract, service,"
		" weekly_minutes, start_date, end_date, appointment_ref, scheme, support, complex_reason,"
		" envelope, monthly_minutes, weekly_nights, stay_ref, extension_outcome, assessed_on"},
	[T_VISITS] = {"visits", "visit_ref, provision_ref, visit_date, start_time, planned_minutes,"
		" declared_minutes, outcome, carers, rate, claimed"},
	[T_LOGS] = {"care_logs", "log_ref, provider_ref, client_ref, carer_ref, check_in, check_out,"
		" method"},
	[T_STAYS] = {"hospital_stays", "stay_ref, client_ref, admitted, discharged, hospital"},
	[T_RETURNS] = {"kpi_returns", "return_ref, provider_ref, quarter_start, missed_percent,"
		" late_percent, care_certificate_percent"},
	[T_LOTS] = {"clusters",
		"cluster_ref, name, contract_type, described_minutes, tabled_minutes"},
	[T_OLD] = {"old_clusters", "old_cluster_ref, cluster_ref, weekly_minutes"},
	[T_AREAS] = {"areas", "area_ref, cluster_ref, setting"},
	[T_PLACES] = {"postcodes", "postcode, area_ref, authority, category"},
	[T_POSTS] = {"appointments", "appointment_ref, provider_ref, cluster_ref, consortium,"
		" guaranteed_minutes, tendered_at, start_date, end_date"},
	[T_CARDS] = {"rate_cards", "card_ref, appointment_ref, start_date, end_date, standard_rate,"
		" complex_rate, night_rate"},
	[T_COVER] = {"area_cover", "cover_ref, appointment_ref, area_ref, taken"},
	[T_OFFERS] = {"offers",
		"offer_ref, appointment_ref, client_ref, scheme, offered_on, answer, reason"},
	[T_LISTED] = {"listed_rates", "listed_ref, provider_ref, cluster_ref, hours, minutes, price,"
		" start_date, end_date"},
	[T_NIGHTS] = {"sleep_nights", "night_ref, provision_ref, night_date, claimed"},
	[T_BLOCKS] = {"block_weeks",
		"block_ref, appointment_ref, week_start, delivered_minutes, paid_minutes"},
	[T_SCHEMES] = {"extra_care_schemes",
		"scheme_ref, cluster_ref, provider_ref, weekly_minutes, rate, start_date"},
	[T_SHIFTS] = {"background_shifts", "shift_ref, scheme_ref, kind, begins_at, ends_at"},
	[T_TENANCIES] = {"tenancies", "tenancy_ref, scheme_ref, client_ref, start_date"},
	[T_REVIEWS] = {"plan_reviews", "review_ref, provision_ref, reviewed_on, views_sought"},
	[T_WORKFORCE] = {"workforce_returns", "return_ref, provider_ref, made_on, staff, achieved,"
		" in_process, part_done, zero_hours, leavers"}};

/* A package is planted in before it is judged, and judged before it is written: what the judge
 * finds wrong with the planting ends the run before a row is out. */
static void grow_kent(Grow *grow)
{
	Kent *kent = room_grow(NULL, 1, sizeof *kent);
	memset(kent, 0, sizeof *kent);
	kent->grow = grow;
	for (int i = 0; i < T_COUNT; i++)
		kent->table[i] = grow_table(grow, tables[i][0], tables[i][1]);
	/* Figures first: a package adds to them as it is made. */
	kent_figures_open(kent);
	kent_market_open(kent);
	while (grow_on(grow, kent->visits)) {
		kent_package(kent);
		kent_judge(kent);
		kent_figures_package(kent);
		/* Logs of calls next door are judged here: their numbers are given as they are written. */
		kent_package_write(kent);
	}
	kent_market_close(kent);
	kent_figures_close(kent);
	/* Behind the market, which pays blocks by what was delivered. */
	free(kent->delivered);
	free(kent);
}

static const char *const contracts[] = {"kent/care-and-support-in-the-home"};
static const char *const schemas[] = {"lib/homecare", "kent/kent", NULL};
static const char *const rules[] = {KENT_RULES(GROW_RULE_ID)};

const Council kent_council = {.name = "kent", .contracts = contracts, .schemas = schemas,
	.rules = rules, .kinds = kent_kinds, .kind_count = KENT_KINDS, .own_keys = own_keys,
	.own_kinds = sizeof own_keys / sizeof *own_keys, .from = FIRST_DAY, .weeks = 52,
	.grow = grow_kent};
