-- Presence, capacity over all channels, the queue's rules, blocking, and what is configured while the tenant lives. All
-- of it is written by commit_batches_2() alone, under the tenant's fence. Codes are those of server/domain; a column
-- that ends in _s is in seconds.

ALTER TABLE tenant                                       -- TenantSettings
  ADD settings_pos    bigint NOT NULL DEFAULT 0,         -- of the last change; 0 is before the first
  ADD agent_grace_s   int NOT NULL DEFAULT 30,
  ADD visitor_grace_s int NOT NULL DEFAULT 60,
  ADD confirm_within_s int NOT NULL DEFAULT 5,
  ADD inactive_after_s int NOT NULL DEFAULT 0,           -- 0: never
  ADD close_after_s   int NOT NULL DEFAULT 1800,         -- 0: never
  ADD when_agent_gone smallint NOT NULL DEFAULT 1;       -- WhenAgentGone

ALTER TABLE agent_group
  ADD public_id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD pos bigint NOT NULL DEFAULT 0,                     -- of the last configuration
  ADD UNIQUE (tenant_id, public_id);

ALTER TABLE site ADD pos bigint NOT NULL DEFAULT 0;      -- of the last configuration

CREATE TABLE site_rule (                                 -- SiteRule; a channel without one has the values of the code
  tenant_id        bigint,
  site_id          bigint,
  waiting_max      int NOT NULL,
  wait_max_s       int NOT NULL,                         -- 0: without end
  channel          smallint,                             -- Channel
  when_nobody_free smallint NOT NULL,                    -- WhenNobodyFree
  when_waited_long smallint NOT NULL,                    -- WhenWaitedLong
  PRIMARY KEY (tenant_id, site_id, channel),
  FOREIGN KEY (tenant_id, site_id) REFERENCES site ON DELETE CASCADE
);

-- Logins are compared at the end of a statement, so that two agents may exchange theirs in one.
ALTER TABLE agent
  ADD pos bigint NOT NULL DEFAULT 0,                     -- of the last configuration
  ADD attendance smallint NOT NULL DEFAULT 0,            -- Attendance, as last recorded
  DROP CONSTRAINT agent_tenant_id_login_key,
  ADD CONSTRAINT agent_login UNIQUE (tenant_id, login) DEFERRABLE INITIALLY IMMEDIATE,
  SET (fillfactor = 80);

-- A row with channel 0 is the agent's limit over all channels (C2): both of its numbers are total_max, `active` counts
-- his open claims on every channel. An agent without such a row has no limit of that kind.
ALTER TABLE agent_channel
  ADD version      bigint NOT NULL DEFAULT 0,            -- pos of the last presence change
  ADD wrap_up_s    int NOT NULL DEFAULT 0,               -- held after a conversation ends
  ADD intent       smallint NOT NULL DEFAULT 1,          -- Intent: what is wanted of him,
  ADD cause        smallint NOT NULL DEFAULT 8,          -- Reason: why, when that is unavailable,
  ADD status       smallint NOT NULL DEFAULT 3,          -- Status: his colour as last recorded,
  ADD reason       smallint NOT NULL DEFAULT 6,          -- Reason: and why
  ADD reconnecting boolean NOT NULL DEFAULT false,
  ADD wish_text    text NOT NULL DEFAULT '';             -- of a break he chose
COMMENT ON COLUMN agent_channel.idle_pos IS 'greatest to_pos of a released claim, or pos of a turn to green by intent';

ALTER TABLE claim ADD wrap_up_until timestamptz;         -- when a slot that is held after the end is free by itself

ALTER TABLE conversation
  ADD agent_id     bigint NOT NULL DEFAULT 0,            -- assigned, of an inactive one who keeps it, of a closed one
                                                         -- who had it last; 0: nobody
  ADD queued_at    timestamptz,                          -- when its present or last wait began; null: opened_at
  ADD joined_at    timestamptz,                          -- when the agent's client confirmed the assignment
  ADD inactive_at  timestamptz,
  ADD left_at      timestamptz,                          -- the visitor is gone since
  ADD close_reason smallint NOT NULL DEFAULT 0,          -- CloseReason
  ADD patient      boolean NOT NULL DEFAULT false;       -- left as a message: it waits without its visitor
UPDATE conversation c
   SET joined_at = CASE WHEN state <> 0 THEN assigned_at END,
       close_reason = CASE closed_by_kind WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 2 WHEN 4 THEN 3 ELSE 0 END,
       agent_id = coalesce((SELECT agent_id FROM claim a
                             WHERE a.tenant_id = c.tenant_id AND a.conversation_id = c.conversation_id
                               AND a.active_pos IS NOT NULL AND (c.state = 0 OR a.to_pos IS NULL AND a.kind = 2)
                             ORDER BY a.active_pos DESC LIMIT 1), 0);

-- Every colour and wish an agent ever had on a channel, and who wanted it (S7). Partitioned by the month of `at`, so that
-- what is too old goes by dropping a table; what no month holds is in the default one.
CREATE TABLE presence_change (
  tenant_id    bigint,
  pos          bigint,
  agent_id     bigint NOT NULL,
  by_id        bigint NOT NULL,
  at           timestamptz,
  channel      smallint NOT NULL,                        -- Channel
  intent       smallint NOT NULL,                        -- Intent
  cause        smallint NOT NULL,                        -- Reason
  status       smallint NOT NULL,                        -- Status
  reason       smallint NOT NULL,                        -- Reason
  by_kind      smallint NOT NULL,                        -- PersonKind
  reconnecting boolean NOT NULL,
  turned_green boolean NOT NULL,                         -- by intent: he counts as idle since then
  wish_text    text NOT NULL,
  PRIMARY KEY (tenant_id, pos, at)
) PARTITION BY RANGE (at);
CREATE TABLE presence_change_default PARTITION OF presence_change DEFAULT;
CREATE INDEX presence_change_agent ON presence_change (tenant_id, agent_id, pos);

CREATE TABLE block (                                     -- a visitor who is not served (B1); kept when it is lifted
  tenant_id         bigint,
  block_id          bigint,
  public_id         uuid NOT NULL,
  visitor_id        bigint NOT NULL,
  visitor_public_id uuid NOT NULL,
  by_id             bigint NOT NULL,
  at                timestamptz NOT NULL,
  expires_at        timestamptz,
  lifted_pos        bigint,
  lifted_at         timestamptz,                         -- null: in force, until it expires
  lifted_by_id      bigint,
  by_kind           smallint NOT NULL,                   -- PersonKind
  lifted_by_kind    smallint,                            -- PersonKind
  visitor_name      text NOT NULL,
  reason            text NOT NULL,
  PRIMARY KEY (tenant_id, block_id)
);
-- Not unique: a command that runs again, after its answer was lost and the block lifted, blocks anew under the same id.
CREATE INDEX block_public_id ON block (tenant_id, public_id);
CREATE INDEX block_in_force ON block (tenant_id, block_id) WHERE lifted_at IS NULL;             -- rebuild
CREATE INDEX block_visitor ON block (tenant_id, visitor_public_id);

CREATE TABLE missed_contact (                            -- a contact that came to nothing
  tenant_id         bigint,
  pos               bigint,
  site_id           bigint NOT NULL,
  at                timestamptz NOT NULL,
  visitor_public_id uuid NOT NULL,
  channel           smallint NOT NULL,                   -- Channel
  cause             smallint NOT NULL,                   -- Missed
  PRIMARY KEY (tenant_id, pos)
);

CREATE TABLE conversation_form (                         -- the closing form as last filled in (K14)
  tenant_id       bigint,
  conversation_id bigint,
  pos             bigint NOT NULL,
  by_id           bigint NOT NULL,
  at              timestamptz NOT NULL,
  by_kind         smallint NOT NULL,                     -- PersonKind
  tags            text[] NOT NULL,
  note            text NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id)
);

CREATE TABLE conversation_rating (                       -- the visitor's, as last given
  tenant_id       bigint,
  conversation_id bigint,
  pos             bigint NOT NULL,
  at              timestamptz NOT NULL,
  stars           smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
  comment         text NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id)
);
