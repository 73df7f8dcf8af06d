"""The document of the HTTP interface, as far as ours goes: what it allows, held against an answer or
made up at random."""
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


class Document:
    def __init__(self, document):
        self.document = document
        self.operations = {}
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self.operations[operation["operationId"]] = (method.upper(), path, operation)

    def resolve(self, node):
        while "$ref" in node:
            found = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def parameters(self, operation):
        return [self.resolve(each) for each in operation.get("parameters", [])]

    def responses(self, operation):
        return {int(status): self.resolve(each) for status, each in operation["responses"].items()}

    def objection(self, schema, value, where=""):
        """The first thing that is wrong with a value, or None."""
        schema = self.resolve(schema)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                fits = [not self.objection(each, value, where) for each in schema[word]]
                if sum(fits) < 1 or (word == "oneOf" and sum(fits) > 1):
                    return f"{where}: {value!r} is not {word}"
        if "type" in schema and not self.has_type(schema["type"], value):
            return f"{where}: {value!r} is no {schema['type']}"
        if "enum" in schema and value not in schema["enum"]:
            return f"{where}: {value!r} is none of {schema['enum']}"
        check = {dict: self.object_objection, list: self.array_objection, str: self.text_objection,
                 int: self.number_objection}.get(type(value))
        return check(schema, value, where) if check else None

    @staticmethod
    def has_type(types, value):
        for each in types if isinstance(types, list) else [types]:
            if each == "integer" and isinstance(value, int) and not isinstance(value, bool):
                return True
            if each in TYPES and isinstance(value, TYPES[each]):
                return True
        return False

    def object_objection(self, schema, value, where):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                return f"{where}: {name} is missing"
        if len(value) < schema.get("minProperties", 0):
            return f"{where}: too few properties"
        for name, each in value.items():
            if name in properties:
                if found := self.objection(properties[name], each, f"{where}/{name}"):
                    return found
            elif schema.get("additionalProperties") is False:
                return f"{where}: {name} is unknown"
        return None

    def array_objection(self, schema, value, where):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return f"{where}: {len(value)} items"
        if schema.get("uniqueItems") and len({repr(each) for each in value}) < len(value):
            return f"{where}: items repeat"
        for index, each in enumerate(value):
            if found := self.objection(schema.get("items", {}), each, f"{where}/{index}"):
                return found
        return None

    @staticmethod
    def text_objection(schema, value, where):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            return f"{where}: {len(value)} characters"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{where}: {value!r} does not match"
        return None

    @staticmethod
    def number_objection(schema, value, where):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            return f"{where}: {value} is out of bounds"
        return None


ODD_TEXTS = ["", " ", "\0", "a\0b", "\ud800", "é" * 300, "x" * 5000, "' OR true --", "../../etc",
             "%00", "null", "{}", "\u202e", "A@EXAMPLE.COM", "2026-02-30T00:00:00Z",
             "00000000-0000-0000-0000-000000000000"]
ODD_VALUES = [None, True, 0, -1, 1, 101, 2**31, 2**63, -(2**63), 2**64, 1e400, 0.5, [], {}, [None],
              {"a": 1}, *ODD_TEXTS]


class Inventor:
    """Values that a schema allows, and now and then some that it does not."""

    def __init__(self, document, random, known):
        self.document = document
        self.random = random
        self.known = known  # ids and keys that exist
        self.oddness = 0.05

    def value(self, schema):
        if self.random.random() < self.oddness:
            return self.random.choice(ODD_VALUES)
        schema = self.document.resolve(schema)
        for word in ("anyOf", "enum"):
            if word in schema:
                chosen = self.random.choice(schema[word])
                return chosen if word == "enum" else self.value(chosen)
        kind = schema.get("type", "string")
        kind = self.random.choice(kind) if isinstance(kind, list) else kind
        return getattr(self, kind)(schema)

    def object(self, schema):
        made = {}
        properties = schema.get("properties", {})
        required = set(schema.get("required", []))
        if "oneOf" in schema:
            required |= set(self.random.choice(schema["oneOf"])["required"])
        for name, each in properties.items():
            chance = 0.97 if name in required else 0.4
            if self.random.random() < chance:
                made[name] = self.value(each)
        if self.random.random() < self.oddness:
            made[self.random.choice(["admin", "tenant_id", "", "__proto__", "x" * 400])] = 1
        return made

    def array(self, schema):
        return [self.value(schema["items"]) for _ in range(self.random.choice([0, 1, 1, 2, 3]))]

    def string(self, schema):
        pattern = schema.get("pattern", "")
        if "[0-9a-f]{8}-" in pattern:
            return self.random.choice([*self.known["id"], f"{self.random.getrandbits(32):08x}"
                                       "-0000-4000-8000-000000000000"])
        if "T[0-9]{2}:" in pattern:
            year = self.random.choice([1970, 2020, 2026, 2027, 9999])
            return f"{year:04}-{self.random.randint(1, 13):02}-01T00:00:{self.random.randint(0, 61):02}Z"
        if "(W/)?" in pattern:
            return self.random.choice([*self.known["etag"], "*", 'W/"x", "y"', '"unknown"', '"no end'])
        if pattern.startswith("^https"):
            return f"https://{self.random.choice('abc')}.example"
        if "[a-z0-9-]" in pattern:
            return self.random.choice([*self.known["key"], f"key-{self.random.getrandbits(24)}"])
        low, high = schema.get("minLength", 1), schema.get("maxLength", 20)
        size = self.random.choice([low, min(high, low + 8), min(high, 40), high])
        letters = "abcdefghijklmnopqrstuvwxyz" + ("" if "[^A-Z" in pattern else "ABC é\u4e16\U0001f600")
        return "".join(self.random.choice(letters) for _ in range(size))

    def integer(self, schema):
        low, high = schema.get("minimum", 0), schema.get("maximum", 100)
        return self.random.choice([low, high, low - 1, high + 1, self.random.randint(low, high)])

    def boolean(self, _):
        return self.random.random() < 0.5

    def null(self, _):
        return None
