// The rules that SQL can say (V1, V2, V4, V6, V7, W2), in DuckDB: logs are paired with visits by
// equal provider, person and date, nearest first from both sides, since SQL has no best pairing.
// Prints the seconds of reading CSV into tables, and of the rules from those tables.
const { DuckDBInstance } = require('@duckdb/node-api');

const [dir, size] = process.argv.slice(2);
const csv = (table) => `read_csv('${dir}/${table}-${size}.csv', header = true, all_varchar = true)`;

const load = [
	`CREATE TABLE provisions AS SELECT provision_ref, provider_ref, client_ref, service,
		weekly_minutes::INT AS weekly_minutes, rate::DECIMAL(9, 4) AS rate FROM ${csv('provisions')}`,
	`CREATE TABLE visits AS SELECT visit_ref, provision_ref, visit_date::DATE AS day,
		(visit_date || ' ' || start_time)::TIMESTAMP AS begins, planned_minutes::INT AS planned,
		declared_minutes::INT AS declared, outcome, notice_minutes::INT AS notice,
		carers::INT AS carers, rate::DECIMAL(9, 4) AS rate FROM ${csv('visits')}`,
	`CREATE TABLE logs AS SELECT log_ref, provider_ref, client_ref, carer_ref,
		left(check_in, 19)::TIMESTAMP AS check_in, left(check_out, 19)::TIMESTAMP AS check_out
		FROM ${csv('care_logs')}`,
];

const rules = [
	`CREATE TABLE pairs AS WITH near AS (
		SELECT v.visit_ref, l.log_ref, v.carers, date_diff('second', l.check_in, l.check_out) AS spent,
			row_number() OVER (PARTITION BY v.visit_ref ORDER BY abs(epoch(l.check_in) - epoch(v.begins))) AS a,
			row_number() OVER (PARTITION BY l.log_ref ORDER BY abs(epoch(l.check_in) - epoch(v.begins))) AS b
		FROM visits v JOIN provisions p USING (provision_ref)
		JOIN logs l ON l.provider_ref = p.provider_ref AND l.client_ref = p.client_ref
			AND l.check_in::DATE = v.day
		WHERE abs(epoch(l.check_in) - epoch(v.begins)) <= 5400)
		SELECT visit_ref, count(*) AS logs, sum(spent) AS logged FROM near WHERE a <= carers AND b = 1
		GROUP BY visit_ref`,
	`SELECT count(*) FROM visits JOIN pairs USING (visit_ref) WHERE outcome = 'delivered'
		AND logs >= carers AND declared > 15 * round(logged / 900.0)`,
	`SELECT count(*) FROM visits v LEFT JOIN pairs USING (visit_ref) WHERE outcome = 'delivered'
		AND logs IS NULL`,
	`SELECT count(*) FROM visits WHERE outcome IN ('cancelled', 'frustrated', 'missed') AND declared >
		CASE WHEN outcome = 'cancelled' AND notice < 1440 THEN planned
		WHEN outcome = 'frustrated' THEN least(planned, 30) ELSE 0 END`,
	`SELECT count(*) FROM visits JOIN pairs USING (visit_ref) WHERE outcome = 'delivered' AND carers > 1
		AND logs < carers`,
	`SELECT count(*) FROM visits v JOIN provisions p USING (provision_ref)
		WHERE outcome = 'delivered' AND v.rate > p.rate`,
	`SELECT count(*) FROM (SELECT provision_ref, date_trunc('week', day) AS week, sum(declared) AS total
		FROM visits WHERE outcome = 'delivered' GROUP BY ALL) JOIN provisions USING (provision_ref)
		WHERE total > weekly_minutes`,
];

async function timed(connection, statements) {
	const start = process.hrtime.bigint();
	for (const sql of statements) await (await connection.run(sql)).getRows();
	return Number(process.hrtime.bigint() - start) / 1e9;
}

(async () => {
	const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
	const connection = await instance.connect();
	const read = await timed(connection, load);
	const judged = await timed(connection, rules);
	console.log(`reading CSV ${read.toFixed(2)} s, six rules from its own tables ${judged.toFixed(2)} s`);
})();
