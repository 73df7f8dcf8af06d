-- What happened at each tenant. An id is the pos of the record that created the thing; every row names the pos of the
-- record that made it as it is. All of it is written by commit_batches() alone, under the tenant's fence; there are no
-- foreign keys, because the engine knows what exists and each would be paid for with every message.

CREATE TABLE visitor (
  tenant_id  bigint,
  visitor_id bigint,
  public_id  uuid NOT NULL,
  name       text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, visitor_id),
  UNIQUE (tenant_id, public_id)
);

CREATE TABLE conversation (
  tenant_id       bigint,
  conversation_id bigint,
  public_id       uuid NOT NULL,
  visitor_id      bigint NOT NULL,
  site_id         bigint NOT NULL,
  pos             bigint NOT NULL,                       -- of the last state change
  ticket          bigint NOT NULL,                       -- place in the queue (R5), kept while assigned
  opened_at       timestamptz NOT NULL,
  assigned_at     timestamptz,
  closed_at       timestamptz,
  closed_by_id    bigint,
  closed_by_kind  smallint,                              -- PersonKind
  channel         smallint NOT NULL,                     -- Channel
  state           smallint NOT NULL,                     -- ConversationState; 0 is closed
  PRIMARY KEY (tenant_id, conversation_id),
  UNIQUE (tenant_id, public_id)
) WITH (fillfactor = 80);
CREATE INDEX conversation_open ON conversation (tenant_id, conversation_id) WHERE state <> 0;   -- rebuild

CREATE TABLE entry (
  tenant_id         bigint,
  conversation_id   bigint,
  pos               bigint NOT NULL,
  author_id         bigint NOT NULL,
  at                timestamptz NOT NULL,
  content_hash      bigint NOT NULL,
  seq               int,
  author_kind       smallint NOT NULL,                   -- PersonKind
  kind              smallint NOT NULL,                   -- EntryKind
  visibility        smallint NOT NULL,                   -- Visibility
  client_message_id uuid,                                -- UUIDv7; null for what the server wrote itself
  body              text NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id, seq)
);
CREATE UNIQUE INDEX entry_pos ON entry (tenant_id, pos);                                        -- replay by position
CREATE UNIQUE INDEX entry_client_message ON entry (tenant_id, client_message_id, author_id, author_kind)
  WHERE client_message_id IS NOT NULL;                                                          -- P3

CREATE TABLE pointer (
  tenant_id       bigint,
  conversation_id bigint,
  person_id       bigint,
  delivered_seq   int NOT NULL,
  seen_seq        int NOT NULL,
  person_kind     smallint,                              -- PersonKind
  PRIMARY KEY (tenant_id, conversation_id, person_id, person_kind)
) WITH (fillfactor = 50);

CREATE TABLE agent_channel (
  tenant_id      bigint,
  agent_id       bigint,
  pos            bigint NOT NULL DEFAULT 0,              -- of the last configuration
  idle_pos       bigint NOT NULL DEFAULT 0,              -- greatest to_pos of a released claim
  slots_max      int NOT NULL CHECK (slots_max >= 0),    -- limit for new work
  slots_hard_max int NOT NULL CHECK (slots_hard_max >= slots_max),  -- for returning work
  active         int NOT NULL DEFAULT 0 CHECK (active >= 0),        -- open claims
  channel        smallint,                               -- Channel
  enabled        boolean NOT NULL DEFAULT true,
  PRIMARY KEY (tenant_id, agent_id, channel)
) WITH (fillfactor = 50);

CREATE TABLE claim (                                     -- one slot of one agent
  tenant_id       bigint,
  claim_id        bigint,
  agent_id        bigint NOT NULL,
  conversation_id bigint NOT NULL,
  active_pos      bigint,                                -- accepted; = claim_id when there was no offer
  wrap_up_pos     bigint,
  to_pos          bigint,                                -- released; null while it is open
  channel         smallint NOT NULL,                     -- Channel
  kind            smallint NOT NULL GENERATED ALWAYS AS  -- 1 offer, 2 active, 3 wrap_up
                  (CASE WHEN wrap_up_pos IS NOT NULL THEN 3 WHEN active_pos IS NOT NULL THEN 2 ELSE 1 END) STORED,
  PRIMARY KEY (tenant_id, claim_id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX claim_one_active ON claim (tenant_id, conversation_id) WHERE to_pos IS NULL AND kind = 2;   -- P4
CREATE INDEX claim_open ON claim (tenant_id, agent_id) WHERE to_pos IS NULL;
CREATE INDEX claim_conversation ON claim (tenant_id, conversation_id);
