-- Rule V1 alone, as well as plain SQL can say it, index included: every log of the same provider and
-- person within 90 minutes of the planned start counts, since SQL has no best pairing; log times with
-- an offset are taken as they stand.
CREATE INDEX logs_by_person ON care_logs(client_ref, provider_ref, check_in, check_out);
SELECT count(*), sum(stake) FROM (
	SELECT rate * (declared - 15 * round(logged / 900.0)) / 60.0 AS stake,
		declared, 15 * round(logged / 900.0) AS supported
	FROM (
		SELECT v.rate AS rate, v.declared_minutes AS declared, v.carers AS carers,
			sum(strftime('%s', l.check_out) - strftime('%s', l.check_in)) AS logged, count(*) AS logs
		FROM visits v
		JOIN provisions p ON p.provision_ref = v.provision_ref
		JOIN care_logs l ON l.client_ref = p.client_ref AND l.provider_ref = p.provider_ref
			AND l.check_in >= datetime(v.visit_date || ' ' || v.start_time, '-90 minutes')
			AND l.check_in <= datetime(v.visit_date || ' ' || v.start_time, '+90 minutes')
		WHERE v.outcome = 'delivered'
		GROUP BY v.rowid
	)
	WHERE logs >= carers
) WHERE declared > supported;
