-- The tenant of the load: one site, one group, agents who answer chats. Psql variables: agents, slots. Agent n is
-- logged in for 12 hours with the token that run.py computes as well: base64url(sha256('bench agent n')).
INSERT INTO tenant (tenant_id, public_id, name, tenant_key, agent_origins)
  VALUES (1, gen_random_uuid(), 'Bench', 'bench', '{http://bench.test}');
INSERT INTO site (tenant_id, site_id, site_key, name, origins)
  VALUES (1, 1, 'bench', 'Bench', '{http://bench.test}');
INSERT INTO agent_group (tenant_id, group_id, name) VALUES (1, 1, 'Everybody');
INSERT INTO site_group VALUES (1, 1, 1);
INSERT INTO agent (tenant_id, agent_id, public_id, login, password_hash, role, name)
  SELECT 1, n, gen_random_uuid(), n || '@bench.test', '', 2, 'Agent ' || n FROM generate_series(1, :agents) n;
INSERT INTO membership SELECT 1, 1, n FROM generate_series(1, :agents) n;
INSERT INTO agent_channel (tenant_id, agent_id, channel, slots_max, slots_hard_max)
  SELECT 1, n, 1, :slots, :slots FROM generate_series(1, :agents) n;
INSERT INTO login_session (tenant_id, token_sha256, agent_id, created_at, seen_at)
  SELECT 1, sha256(convert_to(rtrim(translate(encode(sha256(convert_to('bench agent ' || n, 'UTF8')), 'base64'),
                                              '+/', '-_'), '='), 'UTF8')), n, now(), now()
    FROM generate_series(1, :agents) n;
