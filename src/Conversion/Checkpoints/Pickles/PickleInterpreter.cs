namespace HunyuanPortrait.Conversion.Checkpoints.Pickles;

/// <summary>
/// A pickle machine without the dangerous half: it builds texts, numbers, containers and descriptions of tensors, and refuses every other
/// operation and every global that is not on the closed list. Nothing is executed, imported or instantiated by name.
/// </summary>
internal sealed class PickleInterpreter
{
    private const byte HighestProtocol = 5;
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
            if (!PushScalar(operation) && !PushText(operation) && !Memorise(operation) && !BuildContainer(operation) && !BuildObject(operation))
                throw cursor.Malformed($"operation 0x{operation:x2} is not one that state dictionaries need");
            if (stack.Count > PickleLimits.Values || marks.Count > PickleLimits.Values || memo.Count > PickleLimits.Values)
                throw cursor.Limit($"more than {PickleLimits.Values} values");
        }
    }

    private bool PushScalar(byte operation)
    {
        object? value;
        switch (operation)
        {
            case 0x80:
                return SkipProtocol();
            case 0x95:
                _ = cursor.Length64();
                return true;
            case (byte)'N':
                value = null;
                break;
            case 0x88:
                value = true;
                break;
            case 0x89:
                value = false;
                break;
            case (byte)'K':
                value = (long)cursor.Byte();
                break;
            case (byte)'M':
                value = (long)cursor.UInt16();
                break;
            case (byte)'J':
                value = (long)cursor.Int32();
                break;
            case 0x8A:
                value = cursor.Integer(cursor.Byte());
                break;
            case 0x8B:
                value = cursor.Integer(cursor.Length32());
                break;
            case (byte)'G':
                value = cursor.Double();
                break;
            default:
                return false;
        }
        stack.Add(value);
        return true;
    }

    private bool PushText(byte operation)
    {
        object? value = operation switch
        {
            (byte)'X' => cursor.Text(cursor.Length32()),
            0x8C => cursor.Text(cursor.Byte()),
            0x8D => cursor.Text(cursor.Length64()),
            // Texts of Python 2.
            (byte)'T' => cursor.Text(cursor.Length32()),
            (byte)'U' => cursor.Text(cursor.Byte()),
            (byte)'B' => cursor.Bytes(cursor.Length32()),
            (byte)'C' => cursor.Bytes(cursor.Byte()),
            0x8E => cursor.Bytes(cursor.Length64()),
            _ => null,
        };
        if (value is null)
            return false;
        stack.Add(value);
        return true;
    }

    private bool Memorise(byte operation)
    {
        switch (operation)
        {
            case (byte)'q':
                memo[cursor.Byte()] = Peek();
                return true;
            case (byte)'r':
                memo[cursor.Length32()] = Peek();
                return true;
            case 0x94:
                memo[memo.Count] = Peek();
                return true;
            case (byte)'h':
                stack.Add(Recall(cursor.Byte()));
                return true;
            case (byte)'j':
                stack.Add(Recall(cursor.Length32()));
                return true;
            default:
                return false;
        }
    }

    private bool BuildContainer(byte operation)
    {
        switch (operation)
        {
            case (byte)'(':
                marks.Push(stack.Count);
                return true;
            case (byte)'0':
                Pop();
                return true;
            case (byte)'1':
                PopToMark();
                return true;
            case (byte)')':
                stack.Add(Array.Empty<object?>());
                return true;
            case 0x85 or 0x86 or 0x87:
                stack.Add(PopMany(operation - 0x84));
                return true;
            case (byte)'t':
                stack.Add(PopToMark());
                return true;
            case (byte)']' or 0x8F:
                stack.Add(new PickleList());
                return true;
            case (byte)'l' or 0x91:
                PushList(PopToMark());
                return true;
            case (byte)'a':
                Append([Pop()]);
                return true;
            case (byte)'e' or 0x90:
                Append(PopToMark());
                return true;
            case (byte)'}':
                stack.Add(new PickleDictionary());
                return true;
            case (byte)'d':
                PushDictionary(PopToMark());
                return true;
            case (byte)'s':
                SetItems(PopMany(2));
                return true;
            case (byte)'u':
                SetItems(PopToMark());
                return true;
            default:
                return false;
        }
    }

    private bool BuildObject(byte operation)
    {
        switch (operation)
        {
            case (byte)'c':
                stack.Add(constructors.Find(cursor.Line(), cursor.Line(), "GLOBAL"));
                return true;
            case 0x93:
                var names = PopMany(2);
                stack.Add(names is [string module, string name] ? constructors.Find(module, name, "STACK_GLOBAL") : throw cursor.Malformed("STACK_GLOBAL without two names"));
                return true;
            case (byte)'Q':
                stack.Add(constructors.LoadStorage(Pop()));
                return true;
            case (byte)'R':
                var call = PopMany(2);
                stack.Add(constructors.Call(call[0], call[1]));
                return true;
            case (byte)'b':
                var state = Pop();
                constructors.SetAttributes(Peek(), state);
                return true;
            default:
                return RefuseInstance(operation);
        }
    }

    /// <summary>Operations whose only use is to make instances of named classes.</summary>
    private bool RefuseInstance(byte operation)
    {
        switch (operation)
        {
            case (byte)'i':
                throw CheckpointErrors.ForbiddenGlobal(cursor.Source, $"{cursor.Line()}.{cursor.Line()}", cursor.OperationStart, "INST");
            case (byte)'o':
                throw CheckpointErrors.ForbiddenGlobal(cursor.Source, NameOf(PopToMark().FirstOrDefault()), cursor.OperationStart, "OBJ");
            case 0x81:
                throw CheckpointErrors.ForbiddenGlobal(cursor.Source, NameOf(PopMany(2)[0]), cursor.OperationStart, "NEWOBJ");
            case 0x92:
                throw CheckpointErrors.ForbiddenGlobal(cursor.Source, NameOf(PopMany(3)[0]), cursor.OperationStart, "NEWOBJ_EX");
            case 0x82 or 0x83 or 0x84:
                throw CheckpointErrors.ForbiddenGlobal(cursor.Source, "a registered extension", cursor.OperationStart, "EXT");
            default:
                return false;
        }
    }

    private bool SkipProtocol()
    {
        var protocol = cursor.Byte();
        return protocol <= HighestProtocol ? true : throw cursor.Malformed($"protocol {protocol} is unknown");
    }

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

    private int Floor => marks.TryPeek(out var start) ? start : 0;

    private static string NameOf(object? value) => value is PickleGlobal global ? global.Name : "an unnamed class";
}
