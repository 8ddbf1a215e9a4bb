-- Revenue of completed transactions by week (Monday), country and category.
--   quell -f jobs/weekly_revenue.sql -d source=s3://raw/transactions -d target=s3://lake/weekly_revenue
CREATE OR REPLACE TABLE delta.`${target}`
AS SELECT
  CAST(date_trunc('WEEK', event_time) AS DATE) AS week,
  country,
  category,
  count(*) AS transactions,
  sum(amount) AS revenue,
  avg(amount) AS average,
  min(amount) AS smallest,
  max(amount) AS largest
FROM parquet.`${source}`
WHERE status = 'completed'
GROUP BY ALL;
