"""Answers what the specification's own definitions.py does: a line of JSON for each line of JSON.

Run with the folder of definitions.py as the argument. Types and values are written as in shape.ts.
"""

import json
import math
import struct
import sys
import traceback

sys.path.insert(0, sys.argv[1])
import definitions as spec

spec.DETERMINISTIC_PROFILE = True

# Nothing here waits, so a thread of the specification can run at once, on the stack of whoever starts it: then traps
# come out as the exceptions that they are.
running = []


def resume(function, cancelled, thread):
    running.append(thread)
    try:
        function(cancelled)
    finally:
        running.pop()
    return (None, None)


spec.cont_new = lambda function: function
spec.resume = resume
spec.current_thread = lambda: running[-1]

# Where a case of a variant has no value, the integer 0 stands, which its assertions refuse as a float.
spec.types_match_values = lambda types, values: len(types) == len(values)

HEAP = 4096
PAGE = 65536

PRIMITIVES = {
    name: getattr(spec, name.capitalize() + "Type")()
    for name in "bool u8 s8 u16 s16 u32 s32 u64 s64 f32 f64 char string".split()
}


def type_of(shape, resources):
    """A shape as a type of the specification."""
    kind = shape["kind"]
    if kind in PRIMITIVES:
        return PRIMITIVES[kind]
    if kind == "own":
        return spec.OwnType(resources[shape["resource"]])
    if kind == "borrow":
        return spec.BorrowType(resources[shape["resource"]])
    if kind in ("enum", "flags"):
        labels = [f"f{i}" for i in range(shape["count"])]
        return spec.EnumType(labels) if kind == "enum" else spec.FlagsType(labels)
    parts = [each and type_of(each, resources) for each in shape["of"]]
    if kind == "list":
        return spec.ListType(parts[0])
    if kind == "fixed-length-list":
        return spec.ListType(parts[0], shape["length"])
    if kind == "record":
        return spec.RecordType([spec.FieldType(f"f{i}", t) for i, t in enumerate(parts)])
    if kind == "variant":
        return spec.VariantType([spec.CaseType(f"f{i}", t) for i, t in enumerate(parts)])
    if kind == "tuple":
        return spec.TupleType(parts)
    if kind == "option":
        return spec.OptionType(parts[0])
    if kind == "result":
        return spec.ResultType(*parts)
    if kind == "map":
        return spec.MapType(*parts)
    raise ValueError(kind)


CASES = {"option": ["none", "some"], "result": ["ok", "error"]}


def case_label(shape, index):
    return CASES.get(shape["kind"], [f"f{i}" for i in range(index + 1)])[index]


def case_part(shape, index):
    return [None, shape["of"][0]][index] if shape["kind"] == "option" else shape["of"][index]


def from_wire(shape, value, encoding):
    """A value as the specification has it; strings are those of a host that lowers to `encoding`."""
    kind = shape["kind"]
    if kind in ("u64", "s64"):
        return int(value)
    if kind in ("f32", "f64"):
        return number(value)
    if kind == "char":
        return chr(value)
    if kind == "string":
        units = len(value.encode("utf-16-le")) // 2
        if encoding != "latin1+utf16":
            return (value, "utf16", units)
        is_latin1 = all(ord(each) < 256 for each in value)
        return (value, encoding, units if is_latin1 else units | 1 << 31)
    if kind == "enum":
        return {f"f{value}": None}
    if kind == "flags":
        return {f"f{i}": bit for i, bit in enumerate(value)}
    if kind in ("list", "fixed-length-list"):
        return [from_wire(shape["of"][0], each, encoding) for each in value]
    if kind in ("record", "tuple"):
        prefix = "f" if kind == "record" else ""
        return {f"{prefix}{i}": from_wire(shape["of"][i], each, encoding) for i, each in enumerate(value)}
    if kind == "map":
        return [
            {str(i): from_wire(shape["of"][i], each, encoding) for i, each in enumerate(pair)} for pair in value
        ]
    if kind in ("variant", "option", "result"):
        index, payload = value
        part = case_part(shape, index)
        return {case_label(shape, index): None if part is None else from_wire(part, payload, encoding)}
    return value


def to_wire(shape, value):
    """What `from_wire` reads."""
    kind = shape["kind"]
    if kind in ("u64", "s64"):
        return str(value)
    if kind in ("f32", "f64"):
        return number_text(value)
    if kind == "char":
        return ord(value)
    if kind == "string":
        return value[0]
    if kind == "enum":
        return int(next(iter(value))[1:])
    if kind == "flags":
        return list(value.values())
    if kind in ("list", "fixed-length-list"):
        return [to_wire(shape["of"][0], each) for each in value]
    if kind in ("record", "tuple"):
        return [to_wire(part, each) for part, each in zip(shape["of"], value.values(), strict=True)]
    if kind == "map":
        # As a Map in JavaScript keeps them: of the pairs with the same key, the last.
        key, item = shape["of"]
        pairs = {to_wire(key, pair["0"]): to_wire(item, pair["1"]) for pair in value}
        return [list(pair) for pair in pairs.items()]
    if kind in ("variant", "option", "result"):
        [[label, payload]] = value.items()
        count = 2 if kind == "option" else len(shape["of"])
        index = [case_label(shape, i) for i in range(count)].index(label)
        part = case_part(shape, index)
        return [index, None if part is None else to_wire(part, payload)]
    return value


def number_text(value):
    return "NaN" if math.isnan(value) else struct.pack(">d", value).hex()


def number(text):
    return math.nan if text == "NaN" else struct.unpack(">d", bytes.fromhex(text))[0]


def core_to_wire(types, values):
    return [
        number_text(value) if each[0] == "f" else str(value) if each == "i64" else value
        for each, value in zip(types, values, strict=True)
    ]


def core_from_wire(types, values):
    return [
        number(value) if each[0] == "f" else int(value) for each, value in zip(types, values, strict=True)
    ]


def without_handles(shape):
    """The shape as a guest sees it: handles are their numbers."""
    if shape is None:
        return None
    if shape["kind"] in ("own", "borrow"):
        return {"kind": "u32"}
    return {**shape, "of": [without_handles(each) for each in shape["of"]]} if "of" in shape else shape


def handles_in(shape, value):
    """The numbers that stand for handles, in order, with their kinds and resources."""
    kind = shape["kind"]
    if kind in ("own", "borrow"):
        return [(kind, shape["resource"], value)]
    if kind in ("list", "fixed-length-list"):
        pairs = [(shape["of"][0], each) for each in value]
    elif kind in ("record", "tuple"):
        pairs = zip(shape["of"], value)
    elif kind == "map":
        pairs = [pair for each in value for pair in zip(shape["of"], each)]
    elif kind in ("variant", "option", "result"):
        part = case_part(shape, value[0])
        pairs = [] if part is None else [(part, value[1])]
    else:
        pairs = []
    return [found for part, each in pairs for found in handles_in(part, each)]


class Guest:
    """An instance with a memory and an allocator that only goes up."""

    def __init__(self, name, store, encoding, trace, parent=None):
        self.name = name
        self.trace = trace
        self.fill = 0xA0 + name
        self.memory = spec.MemInst(bytearray([self.fill]) * PAGE, "i32")
        self.top = HEAP
        self.inst = spec.ComponentInstance(store, parent)
        self.options = spec.CanonicalOptions(
            string_encoding=encoding, memory=self.memory, realloc=self.realloc, post_return=self.post
        )

    def allocate(self, old, old_size, alignment, size):
        p = -(-self.top // alignment) * alignment
        self.top = p + size
        missing = self.top - len(self.memory)
        if missing > 0:
            self.memory.bytes.extend(bytes([self.fill]) * (-(-missing // PAGE) * PAGE))
        moved = min(old_size, size)
        self.memory[p : p + moved] = self.memory[old : old + moved]
        # What is left in a block that is no more is not compared.
        self.memory[old : old + old_size] = bytes([self.fill]) * old_size
        return p

    def realloc(self, args):
        p = self.allocate(*args)
        self.trace.append([self.name, "realloc", *args, p])
        return [p]

    def post(self, args):
        self.trace.append([self.name, "post", len(args)])
        return []

    def write(self, changes):
        for offset, byte in changes:
            if self.top > HEAP:
                self.memory[HEAP + offset % (self.top - HEAP)] = byte

    def heap(self):
        return bytes(self.memory[HEAP : self.top]).hex()


def lower(request):
    """Lowers arguments into a fresh guest."""
    trace = []
    store = spec.Store()
    guest = Guest(0, store, request["encoding"], trace)
    types = [type_of(shape, []) for shape in request["params"]]
    context = spec.LiftLowerContext(guest.options, guest.inst)
    values = [
        from_wire(shape, value, request["encoding"])
        for shape, value in zip(request["params"], request["values"], strict=True)
    ]
    core = in_guest(guest, lambda: spec.lower_flat_values(context, spec.MAX_FLAT_PARAMS, values, types))
    flat = spec.flatten_functype(guest.options, spec.FuncType(types, [], async_=False), "lift").params
    return {"flat": flat, "core": core_to_wire(flat, core), "trace": trace, "memory": guest.heap()}


def in_guest(guest, body):
    """Runs what needs a current thread."""
    task = spec.Task(spec.FuncType([], [], async_=False), guest.options, guest.inst, lambda: [], lambda _: None)
    running.append(spec.Thread(task, lambda: None))
    try:
        return body()
    finally:
        running.pop()


def lift(request):
    """Lifts arguments out of a guest whose memory begins with given bytes; the rest of it is zero."""
    guest = Guest(0, spec.Store(), request["encoding"], [])
    given = bytes.fromhex(request["memory"])
    guest.memory[0:PAGE] = given + bytes(PAGE - len(given))
    types = [type_of(shape, []) for shape in request["params"]]
    flat = spec.flatten_functype(guest.options, spec.FuncType(types, [], async_=False), "lower").params
    values = core_from_wire(flat, request["core"])
    context = spec.LiftLowerContext(guest.options, guest.inst)
    lifted = spec.lift_flat_values(context, spec.MAX_FLAT_PARAMS, spec.CoreValueIter(values), types)
    return {"values": [to_wire(shape, value) for shape, value in zip(request["params"], lifted, strict=True)]}


def call(request):
    """Calls through a chain of guests to a host function that gives its first argument back, if there is a result.

    The chain may also stop before the host. It names guests by their numbers, some perhaps twice; those that are not part
    of it only have resources.
    """
    trace = []
    store = spec.Store()
    guests = []
    for encoding, parent in zip(request["encodings"], request["parents"], strict=True):
        outer = None if parent is None else guests[parent].inst
        guests.append(Guest(len(guests), store, encoding, trace, outer))
    chain = [guests[i] for i in request["chain"]]
    host = spec.ComponentInstance(store)
    resources = []
    for i, owner in enumerate(request["owners"]):
        impl = host if owner is None else guests[owner].inst
        resources.append(spec.ResourceType(impl, destructor(trace, i)))
    shapes = request["params"]
    types = [type_of(shape, resources) for shape in shapes]
    result = [types[0]] if request["returns"] else []
    function = spec.FuncType(types, result, async_=False)

    def echo(on_start, on_resolve, caller):
        args = [to_wire(shape, value) for shape, value in zip(shapes, on_start(), strict=True)]
        trace.append(["host", "called", args])
        encoding = chain[-1].options.string_encoding
        on_resolve([from_wire(shapes[0], args[0], encoding)] if result else [])
        return lambda _: None

    callee = None if request["stops"] else echo
    for guest, acts in reversed(list(zip(chain, request["acts"], strict=True))):
        lowered = callee and store.lower(callee, function, guest.options, guest.inst)
        body = core_function(guest, shapes, function, lowered, resources, acts)
        callee = store.lift(body, function, guest.options, guest.inst)

    for resource, rep in request["made"]:
        make(store, guests, request["owners"], resources, resource, rep)
    encoding = chain[0].options.string_encoding
    values = [from_wire(shape, value, encoding) for shape, value in zip(shapes, request["values"], strict=True)]
    got = []
    store.invoke(callee, lambda: values, lambda value: got.append(value))
    [returned] = got
    return {
        "result": to_wire(shapes[0], returned[0]) if result else None,
        "trace": trace,
        "memories": [guest.heap() for guest in guests],
        "handles": [sum(1 for _ in guest.inst.handles) for guest in guests],
    }


def destructor(trace, resource):
    def run(args):
        trace.append(["dropped", resource, *args])
        return []

    return run


def make(store, guests, owners, resources, resource, rep):
    """Has a guest make one of its resources and give it to the host."""
    guest = guests[owners[resource]]
    function = spec.FuncType([], [spec.OwnType(resources[resource])], async_=False)
    body = lambda args: spec.canon_resource_new(resources[resource], rep)
    lifted = store.lift(body, function, spec.CanonicalOptions(), guest.inst)
    store.invoke(lifted, lambda: [], lambda value: None)


def core_function(guest, shapes, function, lowered, resources, acts):
    """A guest's code: writes down what it gets, passes it on, drops what it was lent, and returns what comes back.

    Where the chain stops, it drops what it was given, too.
    """
    lift_type = spec.flatten_functype(guest.options, function, "lift")
    lower_type = spec.flatten_functype(guest.options, function, "lower")

    def body(args):
        guest.trace.append([guest.name, "called", core_to_wire(lift_type.params, args)])
        given = handles_given(guest, shapes, args)
        args = list(args)
        area = []
        if len(lower_type.params) > len(lift_type.params):
            [result] = function.result_type()
            area = [guest.allocate(0, 0, spec.alignment(result, "i32"), spec.elem_size(result, "i32"))]
        guest.write(acts["before"])
        passed = args + area
        for place, value in acts["args"]:
            if passed and lower_type.params[place % len(passed)] == "i32":
                passed[place % len(passed)] = value
        results = lowered(passed) if lowered else []
        guest.trace.append([guest.name, "got", core_to_wire(lower_type.results, results)])
        for kind, resource, index in given:
            is_dropped = resources[resource].impl is not guest.inst if kind == "borrow" else lowered is None
            if is_dropped and acts["drops"]:
                spec.canon_resource_drop(resources[resource], index)
        guest.write(acts["after"])
        returned = area or results
        if acts["result"] is not None and lift_type.results == ["i32"]:
            returned = [acts["result"]]
        return returned

    return body


def handles_given(guest, shapes, args):
    plain = [without_handles(shape) for shape in shapes]
    types = [type_of(shape, []) for shape in plain]
    context = spec.LiftLowerContext(guest.options, guest.inst)
    values = spec.lift_flat_values(context, spec.MAX_FLAT_PARAMS, spec.CoreValueIter(args), types)
    return [
        found
        for shape, other, value in zip(shapes, plain, values, strict=True)
        for found in handles_in(shape, to_wire(other, value))
    ]


OPERATIONS = {"lower": lower, "lift": lift, "call": call}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = OPERATIONS[request["operation"]](request)
    except spec.Trap:
        answer = {"trap": True}
    except Exception:
        answer = {"failure": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
