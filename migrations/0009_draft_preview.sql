-- A setting more: whether agents are shown what a visitor is writing. It is written by commit_batches_3(), which goes on where
-- commit_batches_2() is: a program of the version before, that still runs while this one starts, keeps the setting as it is.

ALTER TABLE tenant ADD draft_preview boolean NOT NULL DEFAULT false;

CREATE TYPE settings_record_2 AS (batch int, pos bigint, agent_grace_s int, visitor_grace_s int, confirm_within_s int,
  inactive_after_s int, close_after_s int, when_agent_gone smallint, draft_preview boolean);

CREATE FUNCTION write_settings_2(p_tenant bigint[], p_settings settings_record_2[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tenant t SET settings_pos = r.pos, agent_grace_s = r.agent_grace_s, visitor_grace_s = r.visitor_grace_s,
                      confirm_within_s = r.confirm_within_s, inactive_after_s = r.inactive_after_s,
                      close_after_s = r.close_after_s, when_agent_gone = r.when_agent_gone,
                      draft_preview = r.draft_preview
    FROM unnest(p_settings) r WHERE t.tenant_id = p_tenant[r.batch];
  RETURN 0;
END $$;

-- What is configured comes first, so that the rest of the batch finds it.
CREATE FUNCTION commit_batches_3(p_me uuid, p_wait boolean,
  p_tenant bigint[], p_epoch bigint[], p_expect bigint[], p_records int[],                   -- the batches
  p_limit limit_record_2[] = '{}', p_claim claim_record_2[] = '{}', p_visitor visitor_record[] = '{}',
  p_conversation conversation_record_2[] = '{}', p_entry entry_record[] = '{}', p_pointer pointer_record[] = '{}',
  p_presence presence_record[] = '{}', p_attendance attendance_record[] = '{}',
  p_total total_limit_record[] = '{}', p_block block_record[] = '{}', p_lift lift_record[] = '{}',
  p_missed missed_record[] = '{}', p_form form_record[] = '{}', p_rating rating_record[] = '{}',
  p_group group_record[] = '{}', p_site site_record[] = '{}', p_site_rule site_rule_record[] = '{}',
  p_account account_record[] = '{}', p_settings settings_record_2[] = '{}')
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
  IF cardinality(p_settings) > 0     THEN n := write_settings_2(v_tenant, p_settings); END IF;
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
