-- The write path with all kinds of records: commit_batches_2(), which goes on where commit_batches() is; what is said in
-- 0004 of fence, outcomes, plans and writers holds here. In addition
--   SB002  is also a channel, agent or block to change that is not there
--   SB003  is also a claim above the agent's limit over all channels
--   23503  an agent or a site that names a group that is not there

CREATE TYPE limit_record_2 AS (batch int, agent_id bigint, pos bigint, slots_max int, slots_hard_max int,
  slots_max_highest int, slots_hard_max_highest int,      -- of all changes in the batch
  wrap_up_s int, channel smallint, enabled boolean);
CREATE TYPE claim_record_2 AS (batch int, claim_id bigint, agent_id bigint, conversation_id bigint, active_pos bigint,
  wrap_up_pos bigint, to_pos bigint, wrap_up_until timestamptz, channel smallint, admission smallint);
CREATE TYPE conversation_record_2 AS (batch int, conversation_id bigint, public_id uuid, visitor_id bigint,
  site_id bigint, pos bigint, ticket bigint, agent_id bigint, opened_at timestamptz, queued_at timestamptz,
  assigned_at timestamptz, joined_at timestamptz, inactive_at timestamptz, left_at timestamptz, closed_at timestamptz,
  closed_by_id bigint, closed_by_kind smallint, channel smallint, state smallint, close_reason smallint,
  patient boolean);
CREATE TYPE presence_record AS (batch int, agent_id bigint, pos bigint,
  idle_pos bigint, is_last boolean,                       -- of the agent on that channel within the batch; 0: none
  by_id bigint, at timestamptz, channel smallint, intent smallint, cause smallint, status smallint, reason smallint,
  by_kind smallint, reconnecting boolean, turned_green boolean, wish_text text);
CREATE TYPE total_limit_record AS (batch int, agent_id bigint, pos bigint, total_max int,  -- 0: none
  total_max_highest int);                                 -- of all changes in the batch; 0: at some point none
CREATE TYPE attendance_record AS (batch int, agent_id bigint, attendance smallint);
CREATE TYPE block_record AS (batch int, block_id bigint, public_id uuid, visitor_id bigint, visitor_public_id uuid,
  by_id bigint, at timestamptz, expires_at timestamptz, by_kind smallint, visitor_name text, reason text);
CREATE TYPE lift_record AS (batch int, block_id bigint, pos bigint, by_id bigint, at timestamptz, by_kind smallint);
CREATE TYPE missed_record AS (batch int, pos bigint, site_id bigint, at timestamptz, visitor_public_id uuid,
  channel smallint, cause smallint);
CREATE TYPE form_record AS (batch int, conversation_id bigint, pos bigint, by_id bigint, at timestamptz,
  by_kind smallint, tags text[], note text);
CREATE TYPE rating_record AS (batch int, conversation_id bigint, pos bigint, at timestamptz, stars smallint,
  comment text);
CREATE TYPE group_record AS (batch int, group_id bigint, pos bigint, public_id uuid, name text);
CREATE TYPE site_record AS (batch int, site_id bigint, pos bigint, site_key text, name text, origins text[],
  groups bigint[]);
CREATE TYPE site_rule_record AS (batch int, site_id bigint, waiting_max int, wait_max_s int, channel smallint,
  when_nobody_free smallint, when_waited_long smallint);
CREATE TYPE account_record AS (batch int, agent_id bigint, pos bigint, public_id uuid, login text, password_hash text,
  name text, role smallint, enabled boolean, groups bigint[]);
CREATE TYPE settings_record AS (batch int, pos bigint, agent_grace_s int, visitor_grace_s int, confirm_within_s int,
  inactive_after_s int, close_after_s int, when_agent_gone smallint);

CREATE FUNCTION raise_limits_2(p_tenant bigint[], p_limit limit_record_2[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agent_channel AS a (tenant_id, agent_id, channel, slots_max, slots_hard_max)
    SELECT p_tenant[batch], agent_id, channel, slots_max_highest, slots_hard_max_highest FROM unnest(p_limit)
     WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, agent_id, channel) DO UPDATE SET slots_max = greatest(a.slots_max, excluded.slots_max),
      slots_hard_max = greatest(a.slots_hard_max, excluded.slots_hard_max);
  RETURN 0;
END $$;

CREATE FUNCTION set_limits_2(p_tenant bigint[], p_limit limit_record_2[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE agent_channel a SET pos = r.pos, slots_max = r.slots_max, slots_hard_max = r.slots_hard_max,
                             wrap_up_s = r.wrap_up_s, enabled = r.enabled
    FROM unnest(p_limit) r
   WHERE a.tenant_id = p_tenant[r.batch] AND a.agent_id = r.agent_id AND a.channel = r.channel;
  RETURN 0;
END $$;

-- Before the claims, as raise_limits(); an agent who is without a limit at some point of the batch is so for all of it.
CREATE FUNCTION raise_totals(p_tenant bigint[], p_total total_limit_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agent_channel a USING unnest(p_total) r
   WHERE a.tenant_id = p_tenant[r.batch] AND a.agent_id = r.agent_id AND a.channel = 0 AND r.total_max_highest = 0;
  UPDATE agent_channel a SET slots_max = greatest(a.slots_max, r.total_max_highest),
                             slots_hard_max = greatest(a.slots_hard_max, r.total_max_highest)
    FROM unnest(p_total) r
   WHERE a.tenant_id = p_tenant[r.batch] AND a.agent_id = r.agent_id AND a.channel = 0;
  RETURN 0;
END $$;

-- After the claims. Who had no limit is counted anew.
CREATE FUNCTION set_totals(p_tenant bigint[], p_total total_limit_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agent_channel a USING unnest(p_total) r
   WHERE a.tenant_id = p_tenant[r.batch] AND a.agent_id = r.agent_id AND a.channel = 0 AND r.total_max = 0;
  INSERT INTO agent_channel (tenant_id, agent_id, channel, pos, slots_max, slots_hard_max, active)
    SELECT p_tenant[r.batch], r.agent_id, 0, r.pos, r.total_max, r.total_max,
           (SELECT count(*) FROM claim c
             WHERE c.tenant_id = p_tenant[r.batch] AND c.agent_id = r.agent_id AND c.to_pos IS NULL)
      FROM unnest(p_total) r WHERE p_tenant[r.batch] IS DISTINCT FROM 0 AND r.total_max <> 0
    ON CONFLICT (tenant_id, agent_id, channel) DO UPDATE
      SET pos = excluded.pos, slots_max = excluded.slots_max, slots_hard_max = excluded.slots_hard_max;
  RETURN 0;
END $$;

-- As write_claims(); a claim also counts against the agent's limit over all channels, when he has one.
CREATE FUNCTION write_claims_2(p_tenant bigint[], p_claim claim_record_2[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  m int; n int;
BEGIN
  SELECT count(*) INTO m FROM unnest(p_claim) WHERE p_tenant[batch] IS DISTINCT FROM 0 AND admission = 0;
  IF m > 0 THEN
    UPDATE claim c SET active_pos = r.active_pos, wrap_up_pos = r.wrap_up_pos, to_pos = r.to_pos,
                       wrap_up_until = r.wrap_up_until
      FROM unnest(p_claim) r
     WHERE c.tenant_id = p_tenant[r.batch] AND c.claim_id = r.claim_id AND r.admission = 0 AND c.to_pos IS NULL
       AND c.agent_id = r.agent_id AND c.channel = r.channel AND c.conversation_id = r.conversation_id
       AND coalesce(r.wrap_up_pos, r.to_pos) IS NOT NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    m := m - n;
  END IF;
  IF m > 0 THEN
    UPDATE claim c SET active_pos = r.active_pos FROM unnest(p_claim) r
     WHERE c.tenant_id = p_tenant[r.batch] AND c.claim_id = r.claim_id AND r.admission = 0 AND c.to_pos IS NULL
       AND c.agent_id = r.agent_id AND c.channel = r.channel AND c.conversation_id = r.conversation_id
       AND coalesce(r.wrap_up_pos, r.to_pos) IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n <> m THEN RAISE EXCEPTION 'claim not open' USING ERRCODE = 'SB002'; END IF;
  END IF;
  INSERT INTO claim (tenant_id, claim_id, agent_id, conversation_id, active_pos, wrap_up_pos, to_pos, wrap_up_until,
                     channel)
    SELECT p_tenant[batch], claim_id, agent_id, conversation_id, active_pos, wrap_up_pos, to_pos, wrap_up_until, channel
      FROM unnest(p_claim) WHERE p_tenant[batch] IS DISTINCT FROM 0 AND admission <> 0;

  -- Slots taken and freed. A claim opened and released in one batch counts for idle_pos alone.
  WITH d AS (
    SELECT p_tenant[batch] AS tenant_id, agent_id, channel,
           count(*) FILTER (WHERE admission = 1 AND to_pos IS NULL)::int AS fresh,
           count(*) FILTER (WHERE admission = 2 AND to_pos IS NULL)::int AS returned,
           (count(*) FILTER (WHERE to_pos IS NULL) - count(*) FILTER (WHERE admission = 0))::int AS delta,
           coalesce(max(to_pos), 0) AS idle_pos
      FROM unnest(p_claim)
     WHERE p_tenant[batch] IS DISTINCT FROM 0 AND (admission <> 0 OR to_pos IS NOT NULL)
     GROUP BY 1, 2, 3),
  u AS (
    UPDATE agent_channel a SET active = a.active + d.delta, idle_pos = greatest(a.idle_pos, d.idle_pos) FROM d
     WHERE a.tenant_id = d.tenant_id AND a.agent_id = d.agent_id AND a.channel = d.channel
       AND (d.fresh = 0 OR a.active + d.delta - d.returned <= a.slots_max)
       AND (d.returned = 0 OR a.active + d.delta <= a.slots_hard_max)
    RETURNING 1),
  t AS (
    UPDATE agent_channel a SET active = a.active + s.delta
      FROM (SELECT tenant_id, agent_id, sum(fresh + returned) AS taken, sum(delta) AS delta FROM d GROUP BY 1, 2) s
     WHERE a.tenant_id = s.tenant_id AND a.agent_id = s.agent_id AND a.channel = 0
    RETURNING s.taken > 0 AND a.active > a.slots_max AS is_over)
  SELECT (SELECT count(*) FROM d) - (SELECT count(*) FROM u) + (SELECT count(*) FROM t WHERE is_over) INTO n;
  IF n <> 0 THEN RAISE EXCEPTION 'slots' USING ERRCODE = 'SB003'; END IF;                      -- P5
  RETURN 0;
END $$;

CREATE FUNCTION write_conversations_2(p_tenant bigint[], p_conversation conversation_record_2[])
RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO conversation (tenant_id, conversation_id, public_id, visitor_id, site_id, pos, ticket, agent_id, opened_at,
                            queued_at, assigned_at, joined_at, inactive_at, left_at, closed_at, closed_by_id,
                            closed_by_kind, channel, state, close_reason, patient)
    SELECT p_tenant[batch], conversation_id, public_id, visitor_id, site_id, pos, ticket, agent_id, opened_at,
           queued_at, assigned_at, joined_at, inactive_at, left_at, closed_at, closed_by_id,
           closed_by_kind, channel, state, close_reason, patient
      FROM unnest(p_conversation) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, conversation_id) DO UPDATE
      SET pos = excluded.pos, ticket = excluded.ticket, agent_id = excluded.agent_id, queued_at = excluded.queued_at,
          assigned_at = excluded.assigned_at, joined_at = excluded.joined_at, inactive_at = excluded.inactive_at,
          left_at = excluded.left_at, closed_at = excluded.closed_at, closed_by_id = excluded.closed_by_id,
          closed_by_kind = excluded.closed_by_kind, state = excluded.state, close_reason = excluded.close_reason,
          patient = excluded.patient;
  RETURN 0;
END $$;

-- Every change is kept; the last of an agent on a channel is also what he is now.
CREATE FUNCTION write_presence(p_tenant bigint[], p_presence presence_record[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  m int; n int;
BEGIN
  INSERT INTO presence_change (tenant_id, pos, agent_id, by_id, at, channel, intent, cause, status, reason, by_kind,
                               reconnecting, turned_green, wish_text)
    SELECT p_tenant[batch], pos, agent_id, by_id, at, channel, intent, cause, status, reason, by_kind,
           reconnecting, turned_green, wish_text
      FROM unnest(p_presence) WHERE p_tenant[batch] IS DISTINCT FROM 0;
  SELECT count(*) INTO m FROM unnest(p_presence) WHERE p_tenant[batch] IS DISTINCT FROM 0 AND is_last;
  UPDATE agent_channel a SET version = r.pos, idle_pos = greatest(a.idle_pos, r.idle_pos), intent = r.intent,
                             cause = r.cause, wish_text = r.wish_text, status = r.status, reason = r.reason,
                             reconnecting = r.reconnecting
    FROM unnest(p_presence) r
   WHERE a.tenant_id = p_tenant[r.batch] AND a.agent_id = r.agent_id AND a.channel = r.channel AND r.is_last;
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n <> m THEN RAISE EXCEPTION 'no such channel' USING ERRCODE = 'SB002'; END IF;
  RETURN 0;
END $$;

CREATE FUNCTION write_attendance(p_tenant bigint[], p_attendance attendance_record[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  m int; n int;
BEGIN
  SELECT count(*) INTO m FROM unnest(p_attendance) WHERE p_tenant[batch] IS DISTINCT FROM 0;
  UPDATE agent a SET attendance = r.attendance FROM unnest(p_attendance) r
   WHERE a.tenant_id = p_tenant[r.batch] AND a.agent_id = r.agent_id;
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n <> m THEN RAISE EXCEPTION 'no such agent' USING ERRCODE = 'SB002'; END IF;
  RETURN 0;
END $$;

CREATE FUNCTION write_blocks(p_tenant bigint[], p_block block_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO block (tenant_id, block_id, public_id, visitor_id, visitor_public_id, by_id, at, expires_at, by_kind,
                     visitor_name, reason)
    SELECT p_tenant[batch], block_id, public_id, visitor_id, visitor_public_id, by_id, at, expires_at, by_kind,
           visitor_name, reason
      FROM unnest(p_block) WHERE p_tenant[batch] IS DISTINCT FROM 0;
  RETURN 0;
END $$;

CREATE FUNCTION write_lifts(p_tenant bigint[], p_lift lift_record[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  m int; n int;
BEGIN
  SELECT count(*) INTO m FROM unnest(p_lift) WHERE p_tenant[batch] IS DISTINCT FROM 0;
  UPDATE block b SET lifted_pos = r.pos, lifted_at = r.at, lifted_by_id = r.by_id, lifted_by_kind = r.by_kind
    FROM unnest(p_lift) r
   WHERE b.tenant_id = p_tenant[r.batch] AND b.block_id = r.block_id AND b.lifted_at IS NULL;
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n <> m THEN RAISE EXCEPTION 'no such block' USING ERRCODE = 'SB002'; END IF;
  RETURN 0;
END $$;

CREATE FUNCTION write_missed(p_tenant bigint[], p_missed missed_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO missed_contact (tenant_id, pos, site_id, at, visitor_public_id, channel, cause)
    SELECT p_tenant[batch], pos, site_id, at, visitor_public_id, channel, cause
      FROM unnest(p_missed) WHERE p_tenant[batch] IS DISTINCT FROM 0;
  RETURN 0;
END $$;

CREATE FUNCTION write_forms(p_tenant bigint[], p_form form_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO conversation_form (tenant_id, conversation_id, pos, by_id, at, by_kind, tags, note)
    SELECT p_tenant[batch], conversation_id, pos, by_id, at, by_kind, tags, note
      FROM unnest(p_form) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, conversation_id) DO UPDATE
      SET pos = excluded.pos, by_id = excluded.by_id, at = excluded.at, by_kind = excluded.by_kind,
          tags = excluded.tags, note = excluded.note;
  RETURN 0;
END $$;

CREATE FUNCTION write_ratings(p_tenant bigint[], p_rating rating_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO conversation_rating (tenant_id, conversation_id, pos, at, stars, comment)
    SELECT p_tenant[batch], conversation_id, pos, at, stars, comment
      FROM unnest(p_rating) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, conversation_id) DO UPDATE
      SET pos = excluded.pos, at = excluded.at, stars = excluded.stars, comment = excluded.comment;
  RETURN 0;
END $$;

CREATE FUNCTION write_groups(p_tenant bigint[], p_group group_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agent_group (tenant_id, group_id, pos, public_id, name)
    SELECT p_tenant[batch], group_id, pos, public_id, name
      FROM unnest(p_group) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, group_id) DO UPDATE
      SET pos = excluded.pos, public_id = excluded.public_id, name = excluded.name;
  RETURN 0;
END $$;

-- A site comes with all of its groups and rules; those it had and does not name go.
CREATE FUNCTION write_sites(p_tenant bigint[], p_site site_record[], p_rule site_rule_record[])
RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO site (tenant_id, site_id, pos, site_key, name, origins)
    SELECT p_tenant[batch], site_id, pos, site_key, name, origins
      FROM unnest(p_site) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, site_id) DO UPDATE
      SET pos = excluded.pos, site_key = excluded.site_key, name = excluded.name, origins = excluded.origins;
  DELETE FROM site_group g USING unnest(p_site) r
   WHERE g.tenant_id = p_tenant[r.batch] AND g.site_id = r.site_id AND g.group_id <> ALL (r.groups);
  INSERT INTO site_group (tenant_id, site_id, group_id)
    SELECT p_tenant[r.batch], r.site_id, g FROM unnest(p_site) r CROSS JOIN unnest(r.groups) g
     WHERE p_tenant[r.batch] IS DISTINCT FROM 0
    ON CONFLICT DO NOTHING;
  DELETE FROM site_rule u USING unnest(p_site) r WHERE u.tenant_id = p_tenant[r.batch] AND u.site_id = r.site_id;
  INSERT INTO site_rule (tenant_id, site_id, waiting_max, wait_max_s, channel, when_nobody_free, when_waited_long)
    SELECT p_tenant[batch], site_id, waiting_max, wait_max_s, channel, when_nobody_free, when_waited_long
      FROM unnest(p_rule) WHERE p_tenant[batch] IS DISTINCT FROM 0;
  RETURN 0;
END $$;

-- An account comes with all of its groups. Without a hash it keeps the one it had; a new one gets '!', which no password
-- has.
CREATE FUNCTION write_accounts(p_tenant bigint[], p_account account_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agent AS a (tenant_id, agent_id, pos, public_id, login, password_hash, role, name, enabled)
    SELECT p_tenant[batch], agent_id, pos, public_id, login, coalesce(nullif(password_hash, ''), '!'), role, name, enabled
      FROM unnest(p_account) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, agent_id) DO UPDATE
      SET pos = excluded.pos, public_id = excluded.public_id, login = excluded.login, role = excluded.role,
          name = excluded.name, enabled = excluded.enabled,
          password_hash = CASE excluded.password_hash WHEN '!' THEN a.password_hash ELSE excluded.password_hash END;
  DELETE FROM membership m USING unnest(p_account) r
   WHERE m.tenant_id = p_tenant[r.batch] AND m.agent_id = r.agent_id AND m.group_id <> ALL (r.groups);
  INSERT INTO membership (tenant_id, group_id, agent_id)
    SELECT p_tenant[r.batch], g, r.agent_id FROM unnest(p_account) r CROSS JOIN unnest(r.groups) g
     WHERE p_tenant[r.batch] IS DISTINCT FROM 0
    ON CONFLICT DO NOTHING;
  RETURN 0;
END $$;

CREATE FUNCTION write_settings(p_tenant bigint[], p_settings settings_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tenant t SET settings_pos = r.pos, agent_grace_s = r.agent_grace_s, visitor_grace_s = r.visitor_grace_s,
                      confirm_within_s = r.confirm_within_s, inactive_after_s = r.inactive_after_s,
                      close_after_s = r.close_after_s, when_agent_gone = r.when_agent_gone
    FROM unnest(p_settings) r WHERE t.tenant_id = p_tenant[r.batch];
  RETURN 0;
END $$;

-- What is configured comes first, so that the rest of the batch finds it.
CREATE FUNCTION commit_batches_2(p_me uuid, p_wait boolean,
  p_tenant bigint[], p_epoch bigint[], p_expect bigint[], p_records int[],                   -- the batches
  p_limit limit_record_2[] = '{}', p_claim claim_record_2[] = '{}', p_visitor visitor_record[] = '{}',
  p_conversation conversation_record_2[] = '{}', p_entry entry_record[] = '{}', p_pointer pointer_record[] = '{}',
  p_presence presence_record[] = '{}', p_attendance attendance_record[] = '{}',
  p_total total_limit_record[] = '{}', p_block block_record[] = '{}', p_lift lift_record[] = '{}',
  p_missed missed_record[] = '{}', p_form form_record[] = '{}', p_rating rating_record[] = '{}',
  p_group group_record[] = '{}', p_site site_record[] = '{}', p_site_rule site_rule_record[] = '{}',
  p_account account_record[] = '{}', p_settings settings_record[] = '{}')
RETURNS smallint[] LANGUAGE plpgsql AS $$
DECLARE
  v_outcome smallint[] = fence_batches(p_me, p_wait, p_tenant, p_epoch, p_expect, p_records);
  v_tenant bigint[] = p_tenant;                          -- 0 where the fence refused
  n int;
BEGIN
  IF 0 <> ANY (v_outcome) THEN
    v_tenant := ARRAY(SELECT CASE outcome WHEN 0 THEN tenant_id ELSE 0 END
                        FROM unnest(p_tenant, v_outcome) WITH ORDINALITY b(tenant_id, outcome, i) ORDER BY i);
    IF 0 <> ALL (v_outcome) THEN RETURN v_outcome; END IF;
  END IF;
  IF cardinality(p_settings) > 0     THEN n := write_settings(v_tenant, p_settings); END IF;
  IF cardinality(p_group) > 0        THEN n := write_groups(v_tenant, p_group); END IF;
  IF cardinality(p_site) > 0         THEN n := write_sites(v_tenant, p_site, p_site_rule); END IF;
  IF cardinality(p_account) > 0      THEN n := write_accounts(v_tenant, p_account); END IF;
  IF cardinality(p_limit) > 0        THEN n := raise_limits_2(v_tenant, p_limit); END IF;
  IF cardinality(p_total) > 0        THEN n := raise_totals(v_tenant, p_total); END IF;
  IF cardinality(p_claim) > 0        THEN n := write_claims_2(v_tenant, p_claim); END IF;
  IF cardinality(p_limit) > 0        THEN n := set_limits_2(v_tenant, p_limit); END IF;
  IF cardinality(p_total) > 0        THEN n := set_totals(v_tenant, p_total); END IF;
  IF cardinality(p_presence) > 0     THEN n := write_presence(v_tenant, p_presence); END IF;
  IF cardinality(p_attendance) > 0   THEN n := write_attendance(v_tenant, p_attendance); END IF;
  IF cardinality(p_visitor) > 0      THEN n := write_visitors(v_tenant, p_visitor); END IF;
  IF cardinality(p_conversation) > 0 THEN n := write_conversations_2(v_tenant, p_conversation); END IF;
  IF cardinality(p_entry) > 0        THEN n := write_entries(v_tenant, p_entry); END IF;
  IF cardinality(p_pointer) > 0      THEN n := write_pointers(v_tenant, p_pointer); END IF;
  IF cardinality(p_block) > 0        THEN n := write_blocks(v_tenant, p_block); END IF;
  IF cardinality(p_lift) > 0         THEN n := write_lifts(v_tenant, p_lift); END IF;
  IF cardinality(p_missed) > 0       THEN n := write_missed(v_tenant, p_missed); END IF;
  IF cardinality(p_form) > 0         THEN n := write_forms(v_tenant, p_form); END IF;
  IF cardinality(p_rating) > 0       THEN n := write_ratings(v_tenant, p_rating); END IF;
  RETURN v_outcome;
END $$;
