-- The write path: commit_batches() stores the batches of many tenants in ONE autocommit statement under READ COMMITTED,
-- each behind the fence of its own tenant. Outcome per batch:
--   0 committed   1 already applied (the in-doubt answer: yes)   2 fenced
--   3 locked by somebody else: call again alone with p_wait (3 then means: no such tenant)
-- Errors, each of which rolls back the whole statement:
--   SB002  a claim to change is not open, or is not the one the caller described
--   SB003  a claim would exceed the agent's slots
--   SB005  malformed call (one tenant twice)
--   23505  entry_client_message: a duplicate; claim_one_active: P4; a primary key: pos or seq used twice
--   23502  a record without batch; 23514, 22xxx: bad values
-- The writer connects with options=-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off
-- -c enable_mergejoin=off: a plan made while a table was empty must not scan it later, and planning is not paid per call.

-- What commit_batches() takes: per kind one array, folded to the final state per row, each row with the pos the engine
-- gave it (expect < pos <= expect + records). "batch" is the 1-based index of the record's batch in the call, so a record
-- can only be written under the fence of a batch of the same call. These types are wire format between program and
-- database: a changed shape is a new type and a new function beside the old one.
CREATE TYPE limit_record AS (batch int, agent_id bigint, pos bigint, slots_max int, slots_hard_max int,
  slots_max_highest int, slots_hard_max_highest int,      -- of all changes in the batch
  channel smallint, enabled boolean);
CREATE TYPE claim_record AS (batch int, claim_id bigint, agent_id bigint, conversation_id bigint, active_pos bigint,
  wrap_up_pos bigint, to_pos bigint, channel smallint, admission smallint);  -- Admission: 0 opened earlier
CREATE TYPE visitor_record AS (batch int, visitor_id bigint, public_id uuid, name text, created_at timestamptz);
CREATE TYPE conversation_record AS (batch int, conversation_id bigint, public_id uuid, visitor_id bigint, site_id bigint,
  pos bigint, ticket bigint, opened_at timestamptz, assigned_at timestamptz, closed_at timestamptz, closed_by_id bigint,
  closed_by_kind smallint, channel smallint, state smallint);
CREATE TYPE entry_record AS (batch int, conversation_id bigint, pos bigint, author_id bigint, at timestamptz,
  content_hash bigint, seq int, author_kind smallint, kind smallint, visibility smallint, client_message_id uuid,
  body text);
CREATE TYPE pointer_record AS (batch int, conversation_id bigint, person_id bigint, delivered_seq int, seen_seq int,
  person_kind smallint);

-- The fence: lock, compare, advance; the outcome of each batch. From here on nobody else writes for the tenants that
-- passed (0). Tenants locked by others are skipped, so a statement of several never waits.
CREATE FUNCTION fence_batches(p_me uuid, p_wait boolean, p_tenant bigint[], p_epoch bigint[], p_expect bigint[],
  p_records int[])
RETURNS smallint[] LANGUAGE plpgsql AS $$
DECLARE
  v_outcome smallint[];
  n int;
BEGIN
  IF p_wait THEN                                         -- in the order of tenants, so that nobody waits in a circle
    PERFORM FROM tenant_owner WHERE tenant_id = ANY (p_tenant) ORDER BY tenant_id FOR NO KEY UPDATE;
  END IF;
  UPDATE tenant_owner o SET log_pos = b.pos
    FROM (SELECT tenant_id, expect + records AS pos
            FROM unnest(p_tenant, p_epoch, p_expect, p_records) b(tenant_id, epoch, expect, records)
            JOIN tenant_owner t USING (tenant_id)
           WHERE t.holder = p_me AND t.epoch = b.epoch AND t.log_pos = b.expect
             FOR NO KEY UPDATE OF t SKIP LOCKED) b
   WHERE o.tenant_id = b.tenant_id;
  GET DIAGNOSTICS n = ROW_COUNT;
  IF n = cardinality(p_tenant) THEN
    RETURN array_fill(0::smallint, ARRAY[n]);
  END IF;

  -- Rare: say for each what happened. Passed: this call wrote it.
  SELECT array_agg(outcome ORDER BY i) INTO v_outcome
    FROM (SELECT i, (CASE WHEN t.tenant_id IS NULL THEN 3
                          WHEN t.xmin = pg_current_xact_id()::xid THEN 0
                          WHEN t.epoch <> b.epoch OR t.holder IS DISTINCT FROM p_me THEN 2
                          WHEN t.log_pos = expect + records THEN 1
                          WHEN t.log_pos <> expect THEN 2
                          ELSE 3 END)::smallint AS outcome
            FROM unnest(p_tenant, p_epoch, p_expect, p_records) WITH ORDINALITY b(tenant_id, epoch, expect, records, i)
            LEFT JOIN (SELECT *, xmin FROM tenant_owner WHERE tenant_id = ANY (p_tenant)
                          FOR NO KEY UPDATE SKIP LOCKED) t USING (tenant_id)) f;
  IF n <> (SELECT count(*) FROM unnest(v_outcome) o WHERE o = 0) THEN
    RAISE EXCEPTION 'one tenant twice' USING ERRCODE = 'SB005';
  END IF;
  RETURN v_outcome;
END $$;

-- The writers, one per kind. p_tenant[batch] is the tenant of a batch, and 0 where the fence did not let it pass; a
-- batch that is not in the call gives no tenant at all, which 23502 or SB002 refuses.

-- Before the claims: within a batch the highest of all limits, old and new, holds.
CREATE FUNCTION raise_limits(p_tenant bigint[], p_limit limit_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agent_channel AS a (tenant_id, agent_id, channel, slots_max, slots_hard_max)
    SELECT p_tenant[batch], agent_id, channel, slots_max_highest, slots_hard_max_highest FROM unnest(p_limit)
     WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, agent_id, channel) DO UPDATE SET slots_max = greatest(a.slots_max, excluded.slots_max),
      slots_hard_max = greatest(a.slots_hard_max, excluded.slots_hard_max);
  RETURN 0;
END $$;

-- After the claims: the last of the new limits.
CREATE FUNCTION set_limits(p_tenant bigint[], p_limit limit_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE agent_channel a SET pos = r.pos, slots_max = r.slots_max, slots_hard_max = r.slots_hard_max, enabled = r.enabled
    FROM unnest(p_limit) r
   WHERE a.tenant_id = p_tenant[r.batch] AND a.agent_id = r.agent_id AND a.channel = r.channel;
  RETURN 0;
END $$;

-- Who stops being active first, then the others, then the new ones; so P4's index sees a transfer rightly.
CREATE FUNCTION write_claims(p_tenant bigint[], p_claim claim_record[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  m int; n int;
BEGIN
  SELECT count(*) INTO m FROM unnest(p_claim) WHERE p_tenant[batch] IS DISTINCT FROM 0 AND admission = 0;
  IF m > 0 THEN
    UPDATE claim c SET active_pos = r.active_pos, wrap_up_pos = r.wrap_up_pos, to_pos = r.to_pos FROM unnest(p_claim) r
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
  INSERT INTO claim (tenant_id, claim_id, agent_id, conversation_id, active_pos, wrap_up_pos, to_pos, channel)
    SELECT p_tenant[batch], claim_id, agent_id, conversation_id, active_pos, wrap_up_pos, to_pos, channel
      FROM unnest(p_claim) WHERE p_tenant[batch] IS DISTINCT FROM 0 AND admission <> 0;

  -- Slots taken and freed. A claim opened and released in one batch counts for idle_pos alone.
  WITH d AS (
    SELECT p_tenant[batch] AS tenant_id, agent_id, channel,
           count(*) FILTER (WHERE admission = 1 AND to_pos IS NULL) AS fresh,
           count(*) FILTER (WHERE admission = 2 AND to_pos IS NULL) AS returned,
           count(*) FILTER (WHERE to_pos IS NULL) - count(*) FILTER (WHERE admission = 0) AS delta,
           coalesce(max(to_pos), 0) AS idle_pos
      FROM unnest(p_claim)
     WHERE p_tenant[batch] IS DISTINCT FROM 0 AND (admission <> 0 OR to_pos IS NOT NULL)
     GROUP BY 1, 2, 3),
  u AS (
    UPDATE agent_channel a SET active = a.active + d.delta, idle_pos = greatest(a.idle_pos, d.idle_pos) FROM d
     WHERE a.tenant_id = d.tenant_id AND a.agent_id = d.agent_id AND a.channel = d.channel
       AND (d.fresh = 0 OR a.active + d.delta - d.returned <= a.slots_max)
       AND (d.returned = 0 OR a.active + d.delta <= a.slots_hard_max)
    RETURNING 1)
  SELECT (SELECT count(*) FROM d) - (SELECT count(*) FROM u) INTO n;
  IF n <> 0 THEN RAISE EXCEPTION 'slots' USING ERRCODE = 'SB003'; END IF;                      -- P5
  RETURN 0;
END $$;

CREATE FUNCTION write_visitors(p_tenant bigint[], p_visitor visitor_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO visitor (tenant_id, visitor_id, public_id, name, created_at)
    SELECT p_tenant[batch], visitor_id, public_id, name, created_at
      FROM unnest(p_visitor) WHERE p_tenant[batch] IS DISTINCT FROM 0;
  RETURN 0;
END $$;

CREATE FUNCTION write_conversations(p_tenant bigint[], p_conversation conversation_record[])
RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO conversation (tenant_id, conversation_id, public_id, visitor_id, site_id, pos, ticket, opened_at,
                            assigned_at, closed_at, closed_by_id, closed_by_kind, channel, state)
    SELECT p_tenant[batch], conversation_id, public_id, visitor_id, site_id, pos, ticket, opened_at,
           assigned_at, closed_at, closed_by_id, closed_by_kind, channel, state
      FROM unnest(p_conversation) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, conversation_id) DO UPDATE
      SET pos = excluded.pos, ticket = excluded.ticket, assigned_at = excluded.assigned_at,
          closed_at = excluded.closed_at, closed_by_id = excluded.closed_by_id,
          closed_by_kind = excluded.closed_by_kind, state = excluded.state;
  RETURN 0;
END $$;

CREATE FUNCTION write_entries(p_tenant bigint[], p_entry entry_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO entry (tenant_id, conversation_id, pos, author_id, at, content_hash, seq, author_kind, kind, visibility,
                     client_message_id, body)
    SELECT p_tenant[batch], conversation_id, pos, author_id, at, content_hash, seq, author_kind, kind, visibility,
           client_message_id, body
      FROM unnest(p_entry) WHERE p_tenant[batch] IS DISTINCT FROM 0;                           -- 23505: P2, P3
  RETURN 0;
END $$;

-- Pointers only grow, so that writing them again harms nothing.
CREATE FUNCTION write_pointers(p_tenant bigint[], p_pointer pointer_record[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pointer AS p (tenant_id, conversation_id, person_id, person_kind, delivered_seq, seen_seq)
    SELECT p_tenant[batch], conversation_id, person_id, person_kind, delivered_seq, seen_seq
      FROM unnest(p_pointer) WHERE p_tenant[batch] IS DISTINCT FROM 0
    ON CONFLICT (tenant_id, conversation_id, person_id, person_kind) DO UPDATE
      SET delivered_seq = greatest(p.delivered_seq, excluded.delivered_seq),
          seen_seq = greatest(p.seen_seq, excluded.seen_seq);
  RETURN 0;
END $$;

-- A later kind of record is a type, a writer and a line here, in a new version of this function beside this one.
CREATE FUNCTION commit_batches(p_me uuid, p_wait boolean,
  p_tenant bigint[], p_epoch bigint[], p_expect bigint[], p_records int[],                   -- the batches
  p_limit limit_record[] = '{}', p_claim claim_record[] = '{}', p_visitor visitor_record[] = '{}',
  p_conversation conversation_record[] = '{}', p_entry entry_record[] = '{}', p_pointer pointer_record[] = '{}')
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
  IF cardinality(p_limit) > 0        THEN n := raise_limits(v_tenant, p_limit); END IF;
  IF cardinality(p_claim) > 0        THEN n := write_claims(v_tenant, p_claim); END IF;
  IF cardinality(p_limit) > 0        THEN n := set_limits(v_tenant, p_limit); END IF;
  IF cardinality(p_visitor) > 0      THEN n := write_visitors(v_tenant, p_visitor); END IF;
  IF cardinality(p_conversation) > 0 THEN n := write_conversations(v_tenant, p_conversation); END IF;
  IF cardinality(p_entry) > 0        THEN n := write_entries(v_tenant, p_entry); END IF;
  IF cardinality(p_pointer) > 0      THEN n := write_pointers(v_tenant, p_pointer); END IF;
  RETURN v_outcome;
END $$;
