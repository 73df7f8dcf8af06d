-- What is asked over HTTP: the keys of programs, the numbers of what is configured, and look-ups of what happened.

CREATE TABLE api_key (
  tenant_id     bigint,                                  -- 0: of the whole server, an operator's; so no foreign key
  key_id        uuid,                                    -- the part of the key that is no secret
  number        bigint GENERATED ALWAYS AS IDENTITY,     -- in the order of making
  secret_sha256 bytea NOT NULL,                          -- the secret itself is stored nowhere
  name          text NOT NULL,                           -- what it is for
  scopes        text[] NOT NULL,                         -- of domain/authorize, ascending
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz,
  revoked_at    timestamptz,
  PRIMARY KEY (tenant_id, key_id)
);
CREATE UNIQUE INDEX api_key_id ON api_key (key_id);      -- a key names no tenant
CREATE UNIQUE INDEX api_key_number ON api_key (tenant_id, number);

CREATE TABLE reservation (                               -- under which number a public id is, or will be, configured
  tenant_id      bigint,
  public_id      uuid,
  number         bigint NOT NULL,
  kind           smallint NOT NULL,                      -- Configured
  request_sha256 bytea NOT NULL,                         -- of what was first asked for
  made_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, public_id)
);

CREATE INDEX membership_agent ON membership (tenant_id, agent_id);
CREATE INDEX conversation_site ON conversation (tenant_id, site_id, conversation_id);  -- neither ever changes
