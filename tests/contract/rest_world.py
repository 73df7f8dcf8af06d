"""Two tenants with something in each of them, made by the HTTP interface alone."""
import asyncio

from client import Client, Refused, post, uuid7

PASSWORD = "correct horse"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def log_in(origin, tenant, login):
    status, fields, _ = post(origin, "/v1/login",
                             {"tenant": tenant, "login": login, "password": PASSWORD})
    assert status == 200, status
    return fields["Set-Cookie"].split(";")[0]


class Tenant:
    """With an owner who is logged in, a group, a site, an agent on chat, and keys by scope."""

    def __init__(self, client, operator, name):
        self.client = client
        self.name = name
        self.canary = f"{name}-canary"
        self.token = None  # of its visitor
        made = client.ask("createTenant", operator, body={
            "key": name, "name": self.canary, "agent_origins": [client.origin],
            "owner": {"login": f"owner@{name}.example", "password": PASSWORD, "name": self.canary}},
            Idempotency_Key=name)
        assert made.status == 201, made.text
        self.id = made["id"]
        self.owner = log_in(client.origin, name, f"owner@{name}.example")
        patient = {"visitor_grace_seconds": 300}  # his conversation waits for us, not he for it
        answer = client.ask("changeSettings", self.owner, body=patient)
        assert answer.status == 200, answer.text
        self.group = self.make("createGroup", name=self.canary)["id"]
        self.agent = self.account("agent")
        limits = {"slots_max": 2, "slots_hard_max": 3}
        answer = client.ask("setLimits", self.owner, {"agent": self.agent, "channel": "chat"}, body=limits)
        assert answer.status == 200, answer.text
        self.site = self.make("createSite", name=self.canary, origins=[client.origin],
                              groups=[self.group])["key"]

    def make(self, operation, **body):
        answer = self.client.ask(operation, self.owner, body=body)
        assert answer.status == 201, answer.text
        return answer

    def account(self, role):
        return self.make("createAgent", login=f"{role}@{self.name}.example", password=PASSWORD,
                         name=self.canary, role=role, groups=[self.group])["id"]

    def key(self, *scopes):
        return self.make("createKey", name=self.canary, scopes=list(scopes))["secret"]

    async def open_desk(self):
        """The socket of the tenant's agent, who is there while it is open."""
        cookie = log_in(self.client.origin, self.name, f"agent@{self.name}.example")
        _, _, answer = post(self.client.origin, "/v1/ticket", {}, cookie)
        desk = await Client.open(self.client.origin, f"/v1/tenants/{self.name}/socket")
        await desk.ask("hello", {"ticket": answer["ticket"]}, "welcome")
        return desk

    def start_conversation(self):
        """One that waits, since no agent is there; its id, and the visitor's."""
        id = asyncio.run(self._start())
        found = self.client.ask("getConversation", self.owner, {"conversation": id})
        return id, found["visitor"]["id"]

    def start_again(self):
        """By the same visitor; why he may not."""
        try:
            asyncio.run(self._start(token=self.token))
        except Refused as refused:
            return refused.code

    def rate(self, conversation, **rating):
        rating = {"conversationId": conversation, **rating}
        asyncio.run(self._ask("rate", rating, "done", token=self.token))

    async def _start(self, **known):
        start = {"channel": "CHANNEL_CHAT", "clientMsgId": uuid7(), "text": self.canary}
        return (await self._ask("start", start, "stored", **known))["conversationId"]

    async def _ask(self, command, fields, reply, **known):
        """As the visitor."""
        visitor = await Client.open(self.client.origin, f"/v1/sites/{self.site}/socket")
        welcome = await visitor.ask("hello", {"name": self.canary, **known}, "welcome")
        self.token = welcome.get("token", self.token)
        try:
            return await visitor.ask(command, fields, reply)
        finally:
            await visitor.close()
