using System.Collections.Frozen;

namespace HunyuanPortrait.Conversion.Checkpoints.Pickles;

/// <summary>
/// A pickle machine without the dangerous half: it builds texts, numbers, containers and descriptions of tensors, and refuses every other
/// operation and every global that is not on the closed list. Nothing is executed, imported or instantiated by name.
/// </summary>
internal sealed class PickleInterpreter
{
    private const byte HighestProtocol = 5;

    /// <summary>Every operation that is carried out or named in a refusal, by the names of Python's <c>pickletools</c>.</summary>
    private static readonly FrozenDictionary<byte, Action<PickleInterpreter>> Operations = new Dictionary<byte, Action<PickleInterpreter>>
    {
        [0x80] = machine => machine.RequireProtocol(machine.cursor.Byte()),                      // PROTO
        [0x95] = machine => machine.cursor.Length64(),                                           // FRAME
        [(byte)'N'] = machine => machine.Push(null),                                             // NONE
        [0x88] = machine => machine.Push(true),                                                  // NEWTRUE
        [0x89] = machine => machine.Push(false),                                                 // NEWFALSE
        [(byte)'K'] = machine => machine.Push((long)machine.cursor.Byte()),                      // BININT1
        [(byte)'M'] = machine => machine.Push((long)machine.cursor.UInt16()),                    // BININT2
        [(byte)'J'] = machine => machine.Push((long)machine.cursor.Int32()),                     // BININT
        [0x8A] = machine => machine.Push(machine.cursor.Integer(machine.cursor.Byte())),         // LONG1
        [0x8B] = machine => machine.Push(machine.cursor.Integer(machine.cursor.Length32())),     // LONG4
        [(byte)'G'] = machine => machine.Push(machine.cursor.Double()),                          // BINFLOAT
        [(byte)'X'] = machine => machine.Push(machine.cursor.Text(machine.cursor.Length32())),   // BINUNICODE
        [0x8C] = machine => machine.Push(machine.cursor.Text(machine.cursor.Byte())),            // SHORT_BINUNICODE
        [0x8D] = machine => machine.Push(machine.cursor.Text(machine.cursor.Length64())),        // BINUNICODE8
        [(byte)'T'] = machine => machine.Push(machine.cursor.Text(machine.cursor.Length32())),   // BINSTRING, of Python 2
        [(byte)'U'] = machine => machine.Push(machine.cursor.Text(machine.cursor.Byte())),       // SHORT_BINSTRING, of Python 2
        [(byte)'B'] = machine => machine.Push(machine.cursor.Bytes(machine.cursor.Length32())),  // BINBYTES
        [(byte)'C'] = machine => machine.Push(machine.cursor.Bytes(machine.cursor.Byte())),      // SHORT_BINBYTES
        [0x8E] = machine => machine.Push(machine.cursor.Bytes(machine.cursor.Length64())),       // BINBYTES8
        [(byte)'q'] = machine => machine.Remember(machine.cursor.Byte()),                        // BINPUT
        [(byte)'r'] = machine => machine.Remember(machine.cursor.Length32()),                    // LONG_BINPUT
        [0x94] = machine => machine.Remember(machine.memo.Count),                                // MEMOIZE
        [(byte)'h'] = machine => machine.Push(machine.Recall(machine.cursor.Byte())),            // BINGET
        [(byte)'j'] = machine => machine.Push(machine.Recall(machine.cursor.Length32())),        // LONG_BINGET
        [(byte)'('] = machine => machine.marks.Push(machine.stack.Count),                        // MARK
        [(byte)'0'] = machine => machine.Pop(),                                                  // POP
        [(byte)'1'] = machine => machine.PopToMark(),                                            // POP_MARK
        [(byte)')'] = machine => machine.Push(Array.Empty<object?>()),                           // EMPTY_TUPLE
        [0x85] = machine => machine.Push(machine.PopMany(1)),                                    // TUPLE1
        [0x86] = machine => machine.Push(machine.PopMany(2)),                                    // TUPLE2
        [0x87] = machine => machine.Push(machine.PopMany(3)),                                    // TUPLE3
        [(byte)'t'] = machine => machine.Push(machine.PopToMark()),                              // TUPLE
        [(byte)']'] = machine => machine.Push(new PickleList()),                                 // EMPTY_LIST
        [0x8F] = machine => machine.Push(new PickleList()),                                      // EMPTY_SET
        [(byte)'l'] = machine => machine.PushList(machine.PopToMark()),                          // LIST
        [0x91] = machine => machine.PushList(machine.PopToMark()),                               // FROZENSET
        [(byte)'a'] = machine => machine.Append(machine.PopMany(1)),                             // APPEND
        [(byte)'e'] = machine => machine.Append(machine.PopToMark()),                            // APPENDS
        [0x90] = machine => machine.Append(machine.PopToMark()),                                 // ADDITEMS
        [(byte)'}'] = machine => machine.Push(new PickleDictionary()),                           // EMPTY_DICT
        [(byte)'d'] = machine => machine.PushDictionary(machine.PopToMark()),                    // DICT
        [(byte)'s'] = machine => machine.SetItems(machine.PopMany(2)),                           // SETITEM
        [(byte)'u'] = machine => machine.SetItems(machine.PopToMark()),                          // SETITEMS
        [(byte)'c'] = machine => machine.Push(machine.FindGlobal()),                             // GLOBAL
        [0x93] = machine => machine.Push(machine.FindStackGlobal(machine.PopMany(2))),           // STACK_GLOBAL
        [(byte)'Q'] = machine => machine.Push(machine.constructors.LoadStorage(machine.Pop())),  // BINPERSID
        [(byte)'R'] = machine => machine.Call(machine.PopMany(2)),                               // REDUCE
        [(byte)'b'] = machine => machine.SetAttributes(machine.Pop()),                           // BUILD
        [(byte)'i'] = machine => machine.RefuseInstance(machine.GlobalName(), "INST"),
        [(byte)'o'] = machine => machine.RefuseInstance(machine.PopToMark().FirstOrDefault(), "OBJ"),
        [0x81] = machine => machine.RefuseInstance(machine.PopMany(2)[0], "NEWOBJ"),
        [0x92] = machine => machine.RefuseInstance(machine.PopMany(3)[0], "NEWOBJ_EX"),
        [0x82] = machine => machine.RefuseInstance("a registered extension", "EXT1"),
        [0x83] = machine => machine.RefuseInstance("a registered extension", "EXT2"),
        [0x84] = machine => machine.RefuseInstance("a registered extension", "EXT4"),
    }.ToFrozenDictionary();

    private readonly PickleCursor cursor;
    private readonly TorchConstructors constructors;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<long, object?> memo = [];

    public PickleInterpreter(ReadOnlyMemory<byte> data, string source, int start = 0)
    {
        cursor = new PickleCursor(data, source, start);
        constructors = new TorchConstructors(cursor);
    }

    /// <summary>The byte after the last operation.</summary>
    public int Position => cursor.Position;

    /// <summary>Storages that the pickle refers to, by key.</summary>
    public IReadOnlyDictionary<string, StorageReference> Storages => constructors.Storages;

    /// <summary>Runs up to STOP and returns the value on top of the stack.</summary>
    public object? Load()
    {
        while (true)
        {
            var operation = cursor.NextOperation();
            if (operation == '.')
                return Pop();
            if (!Operations.TryGetValue(operation, out var carryOut))
                throw cursor.Malformed($"operation 0x{operation:x2} is not one that state dictionaries need");
            carryOut(this);
            if (stack.Count > PickleLimits.Values || marks.Count > PickleLimits.Values || memo.Count > PickleLimits.Values)
                throw cursor.Limit($"more than {PickleLimits.Values} values");
        }
    }

    private int Floor => marks.TryPeek(out var start) ? start : 0;

    private void RequireProtocol(byte protocol)
    {
        if (protocol > HighestProtocol)
            throw cursor.Malformed($"protocol {protocol} is unknown");
    }

    private void Push(object? value) => stack.Add(value);

    private void Remember(long index) => memo[index] = Peek();

    private PickleGlobal FindGlobal() => constructors.Find(cursor.Line(), cursor.Line(), "GLOBAL");

    private PickleGlobal FindStackGlobal(object?[] names) => names is [string module, string name]
        ? constructors.Find(module, name, "STACK_GLOBAL")
        : throw cursor.Malformed("STACK_GLOBAL without two names");

    private string GlobalName() => $"{cursor.Line()}.{cursor.Line()}";

    private void Call(object?[] call) => Push(constructors.Call(call[0], call[1]));

    private void SetAttributes(object? state) => constructors.SetAttributes(Peek(), state);

    /// <summary>For the operations whose only use is to make instances of named classes.</summary>
    private void RefuseInstance(object? type, string operation) => throw CheckpointErrors.ForbiddenGlobal(
        cursor.Source, type switch { PickleGlobal global => global.Name, string name => name, _ => "an unnamed class" }, cursor.OperationStart, operation);

    private void PushList(object?[] items)
    {
        var list = new PickleList();
        list.Items.AddRange(items);
        stack.Add(list);
    }

    private void PushDictionary(object?[] items)
    {
        stack.Add(new PickleDictionary());
        SetItems(items);
    }

    private void Append(object?[] items)
    {
        if (Peek() is not PickleList list)
            throw cursor.Malformed("an item is appended to something that is no list");
        list.Items.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDictionary dictionary || items.Length % 2 != 0)
            throw cursor.Malformed("keys and values are set on something that is no dictionary");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long or double or bool))
                throw cursor.Malformed("a dictionary key is neither text nor number");
            dictionary.Items[items[i]!] = items[i + 1];
        }
    }

    private object? Recall(long index) =>
        memo.TryGetValue(index, out var value) ? value : throw cursor.Malformed($"value {index} was not remembered before");

    private object? Peek() => stack.Count > Floor ? stack[^1] : throw cursor.Malformed("the stack is empty");

    private object? Pop()
    {
        var value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        if (stack.Count - count < Floor)
            throw cursor.Malformed("the stack is empty");
        var values = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (!marks.TryPop(out var start))
            throw cursor.Malformed("a mark is missing");
        return PopMany(stack.Count - start);
    }
}
