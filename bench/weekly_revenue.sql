-- What jobs/weekly_revenue.sql computes, as a result instead of a table. The peers run the same in their own words.
SELECT date_trunc('week', event_time) AS week, country, category,
       count(*) AS transactions, sum(amount) AS revenue, avg(amount) AS average, min(amount) AS smallest, max(amount) AS largest
FROM parquet.`${source}`
WHERE status = 'completed'
GROUP BY ALL;
