"""The measures in SQL as an analyst writes them by hand for DuckDB, over views named like the tables.

They mean what `liveshop.metrics` means: unpaid lines are left out, a person counts once a broadcast however often she
came back, and missing counts are 0. What is not known is NULL where the measures have NaN.
"""

FUNNEL = """
WITH steps AS (
    SELECT source, count(*) AS entries,
           count(*) FILTER (product_clicks > 0 OR carted OR orders > 0) AS clicking,
           count(*) FILTER (carted OR orders > 0) AS carting,
           count(*) FILTER (orders > 0) AS ordering
    FROM viewer_sessions GROUP BY source)
SELECT *, clicking / entries, carting / nullif(clicking, 0), ordering / nullif(carting, 0), ordering / entries
FROM steps
ORDER BY source NULLS FIRST
"""

PCU = """
WITH changes AS (
    SELECT stream_id, second, sum(step) AS step
    FROM (SELECT stream_id, entered_second AS second, 1 AS step
          FROM viewer_sessions WHERE watch_seconds IS NOT NULL AND entered_second IS NOT NULL
          UNION ALL
          SELECT stream_id, entered_second + watch_seconds, -1
          FROM viewer_sessions WHERE watch_seconds IS NOT NULL AND entered_second IS NOT NULL)
    GROUP BY stream_id, second),
watching AS (
    SELECT stream_id, sum(step) OVER (PARTITION BY stream_id ORDER BY second) AS online FROM changes)
SELECT stream_id, max(online) AS pcu FROM watching GROUP BY stream_id ORDER BY stream_id NULLS FIRST
"""

# count(DISTINCT viewer_id) says the same as the two steps of people and audience, and takes over twice as long.
SCORECARD = f"""
WITH people AS (
    SELECT stream_id, viewer_id, count(*) AS views, sum(watch_seconds) AS watch_seconds,
           sum(product_clicks) AS product_clicks,
           max((coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) > 0
                OR coalesce(followed, false))::INT) AS interacting,
           max(coalesce(followed, false)::INT) AS new_followers
    FROM viewer_sessions GROUP BY stream_id, viewer_id),
audience AS (
    SELECT stream_id, sum(views) AS views, count(*) AS viewers, sum(watch_seconds) AS watch_seconds,
           sum(product_clicks) AS product_clicks, sum(interacting) AS interacting, sum(new_followers) AS new_followers
    FROM people GROUP BY stream_id),
peak AS ({PCU}),
sales AS (
    SELECT stream_id, count(*) AS sku_orders, count(DISTINCT order_id) AS orders, sum(quantity) AS items,
           count(DISTINCT customer_id) AS buyers, sum(paid_amount) AS gmv
    FROM orders WHERE paid IS NOT NULL AND stream_id IS NOT NULL GROUP BY stream_id),
card AS (
    SELECT stream_id, views, viewers, watch_seconds, coalesce(product_clicks, 0) AS product_clicks, interacting,
           new_followers, pcu, coalesce(orders, 0) AS orders, coalesce(sku_orders, 0) AS sku_orders,
           coalesce(items, 0) AS items, coalesce(buyers, 0) AS buyers, coalesce(gmv, 0) AS gmv
    FROM audience LEFT JOIN peak USING (stream_id) LEFT JOIN sales USING (stream_id))
SELECT stream_id, views, viewers, watch_seconds, product_clicks, interacting, new_followers, pcu, orders, sku_orders,
       items, buyers, gmv, stream_seconds, impressions,
       watch_seconds / nullif(stream_seconds, 0), 1000 * gmv / views, 1000 * gmv / nullif(impressions, 0),
       gmv / viewers, gmv / nullif(orders, 0), gmv / nullif(buyers, 0), gmv / nullif(items, 0),
       3600 * gmv / nullif(stream_seconds, 0), views / nullif(impressions, 0), product_clicks / views,
       orders / nullif(product_clicks, 0), buyers / viewers, watch_seconds / views, watch_seconds / viewers,
       interacting / viewers, new_followers / viewers, pcu * nullif(stream_seconds, 0) / nullif(watch_seconds, 0)
FROM card LEFT JOIN streams USING (stream_id)
ORDER BY stream_id NULLS FIRST
"""

GMV = "SELECT coalesce(sum(paid_amount), 0) FROM orders WHERE paid IS NOT NULL"

BACK = """SELECT order_id, line_no, coalesce(sum(refunded_amount), 0) AS refunded
          FROM refunds GROUP BY order_id, line_no"""

REFUND_RATE = f"""
SELECT stream_id, sum(coalesce(refunded, 0)) AS refunded, sum(paid_amount) AS paid,
       sum(coalesce(refunded, 0)) / nullif(sum(paid_amount), 0)
FROM orders LEFT JOIN ({BACK}) USING (order_id, line_no)
WHERE paid IS NOT NULL GROUP BY stream_id ORDER BY stream_id NULLS FIRST
"""

REFUNDED_ORDERS = f"""
WITH baskets AS (
    SELECT stream_id, order_id, max((refunded IS NOT NULL)::INT) AS refunded
    FROM orders LEFT JOIN ({BACK}) USING (order_id, line_no) WHERE paid IS NOT NULL GROUP BY stream_id, order_id)
SELECT stream_id, sum(refunded), count(*), sum(refunded) / count(*) FROM baskets GROUP BY stream_id
ORDER BY stream_id NULLS FIRST
"""

CONTRIBUTION = f"""
WITH lines AS (
    SELECT channel_id, paid_amount AS gmv, coalesce(refunded, 0) AS refunded, quantity * unit_cost AS goods,
           take_rate + payment_fee_rate AS fee,
           CASE WHEN paid_amount > 0 THEN least(greatest(1 - coalesce(refunded, 0) / paid_amount, 0), 1)
                WHEN refunded IS NULL THEN 1 ELSE 0 END AS kept
    FROM orders LEFT JOIN ({BACK}) USING (order_id, line_no)
         LEFT JOIN products USING (product_id) LEFT JOIN channels USING (channel_id)
    WHERE paid IS NOT NULL),
sold AS (
    SELECT channel_id, sum(gmv) AS gmv, sum(refunded) AS refunded,
           sum(coalesce(goods * kept, 'NaN')) AS goods, sum(coalesce(fee * gmv * kept, 'NaN')) AS fees,
           count(*) FILTER (goods IS NULL OR fee IS NULL) AS unknown_lines
    FROM lines GROUP BY channel_id),
spent AS (
    SELECT channel_id, sum(amount) AS promotion FROM spend
    WHERE kind IS DISTINCT FROM 'coupon' GROUP BY channel_id)
SELECT coalesce(sold.channel_id, spent.channel_id), coalesce(gmv, 0), coalesce(refunded, 0), coalesce(goods, 0),
       coalesce(fees, 0), coalesce(promotion, 0),
       coalesce(gmv, 0) - coalesce(refunded, 0) - coalesce(goods, 0) - coalesce(fees, 0) - coalesce(promotion, 0),
       coalesce(unknown_lines, 0)
FROM sold FULL JOIN spent ON sold.channel_id IS NOT DISTINCT FROM spent.channel_id
ORDER BY 1 NULLS FIRST
"""

# 31 to 60 days before the last day, and the last 30.
REPURCHASE = """
WITH people AS (
    SELECT customer_id, min(paid) AS first, max(paid) AS last FROM orders
    WHERE paid >= TIMESTAMP '2025-06-02' AND paid < TIMESTAMP '2025-08-01' GROUP BY customer_id)
SELECT count(*) FILTER (last >= TIMESTAMP '2025-07-02') / nullif(count(*), 0)
FROM people WHERE first < TIMESTAMP '2025-07-02'
"""
