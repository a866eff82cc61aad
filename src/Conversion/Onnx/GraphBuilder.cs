using HunyuanPortrait.Conversion.Onnx.Schema;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>
/// Builds one ONNX graph: nodes with their shapes worked out, constants, inputs and outputs. Every shape is a constant of the graph but for at
/// most one free dimension per value; no node computes shapes at run time.
/// </summary>
public sealed partial class GraphBuilder
{
    /// <summary>Operator set of the standard domain that the graphs are written against.</summary>
    public const int OpsetVersion = 23;

    /// <summary>Domain of ONNX Runtime's own operators.</summary>
    public const string RuntimeDomain = "com.microsoft";

    private readonly GraphProto graph = new();
    private readonly Dictionary<string, Initializer> initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> domains = new(StringComparer.Ordinal) { "" };
    private readonly HashSet<string> wantedTaps;
    private readonly HashSet<string> foldable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> histogram = new(StringComparer.Ordinal);
    private int nextValue;

    /// <summary>Starts an empty graph.</summary>
    /// <param name="name">Name of the graph.</param>
    /// <param name="nominalFreeLength">What a free dimension counts for in <see cref="Flops"/>.</param>
    /// <param name="taps">Names of intermediate values that become outputs (<see cref="IsTapped"/>).</param>
    public GraphBuilder(string name, int nominalFreeLength = 1, IEnumerable<string>? taps = null)
    {
        graph.Name = name;
        NominalFreeLength = nominalFreeLength;
        wantedTaps = [.. taps ?? []];
    }

    /// <summary>What a free dimension counts for in <see cref="Flops"/>.</summary>
    public int NominalFreeLength { get; }

    /// <summary>Floating-point operations of convolutions, matrix products and attention (1 multiply-accumulate = 2).</summary>
    public long Flops { get; private set; }

    /// <summary>How many nodes of each operator run: those that depend on constants only are folded at load and do not count.</summary>
    public IReadOnlyDictionary<string, int> NodeHistogram => histogram;

    /// <summary>Number of nodes that run.</summary>
    public int NodeCount => histogram.Values.Sum();

    /// <summary>Constants, in the order of their first use.</summary>
    public IReadOnlyCollection<Initializer> Initializers => initializers.Values;

    /// <summary>Declares an fp32 input.</summary>
    public Value Input(string name, params int[] dims)
    {
        graph.Input.Add(Describe(name, dims));
        return new Value(name, dims);
    }

    /// <summary>Makes a value an output of the graph, under a name of its own.</summary>
    public void Output(string name, Value value)
    {
        var node = new NodeProto { OpType = "Identity", Name = name };
        node.Input.Add(value.Name);
        node.Output.Add(name);
        graph.Node.Add(node);
        graph.Output.Add(Describe(name, value.Dims));
    }

    /// <summary>True when somebody asked to see this intermediate value; then the caller adds it as an output.</summary>
    public bool IsTapped(string name) => wantedTaps.Contains(name);

    /// <summary>A named fp32 or fp16 constant whose values come from elsewhere when the graph is written.</summary>
    public Value Constant(Initializer initializer)
    {
        if (initializers.TryAdd(initializer.Name, initializer))
            constants[initializer.Name] = new Value(initializer.Name, [.. initializer.Shape.Dimensions]);
        return constants[initializer.Name];
    }

    /// <summary>A small fp32 constant with known values.</summary>
    public Value Constant(string name, int[] dims, float[] values) =>
        Constant(new Initializer(name, new TensorShape(dims), TensorType.Float, destination => values.CopyTo(destination)));

    /// <summary>A scalar fp32 constant; equal scalars are one constant.</summary>
    public Value Scalar(float value) => Constant(FormattableString.Invariant($"scalar:{value:R}"), [], [value]);

    /// <summary>A small integer constant (shapes, axes, indices); equal ones are one constant.</summary>
    public Value Integers(params long[] values)
    {
        var name = $"ints:{string.Join(",", values)}";
        if (constants.TryGetValue(name, out var known))
            return known;
        var tensor = new TensorProto { Name = name, DataType = (int)TensorType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.RawData = Google.Protobuf.ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(values));
        graph.Initializer.Add(tensor);
        return constants[name] = new Value(name, [values.Length]);
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="op">Operator, with <see cref="RuntimeDomain"/> and a dot in front where it is ONNX Runtime's own.</param>
    /// <param name="outputDims">Shape of the output.</param>
    /// <param name="inputs">Inputs; null where an optional one is left out.</param>
    /// <param name="attributes">Attributes: float, int, long, string, int[], long[] or float[].</param>
    public Value Node(string op, int[] outputDims, Value?[] inputs, params (string Name, object Value)[] attributes) =>
        Nodes(op, [outputDims], inputs, attributes)[0];

    /// <summary>Adds a node with several outputs; an output whose shape is null is left out.</summary>
    public Value[] Nodes(string op, int[]?[] outputDims, Value?[] inputs, params (string Name, object Value)[] attributes)
    {
        var dot = op.LastIndexOf('.');
        var node = new NodeProto { OpType = op[(dot + 1)..], Domain = dot < 0 ? "" : op[..dot], Name = $"{op[(dot + 1)..]}_{graph.Node.Count}" };
        domains.Add(node.Domain);
        node.Input.AddRange(inputs.Select(input => input?.Name ?? ""));
        node.Attribute.AddRange(attributes.Select(attribute => ToAttribute(attribute.Name, attribute.Value)));
        var outputs = outputDims.Select(dims => dims is null ? new Value("", []) : new Value($"v{nextValue++}", dims)).ToArray();
        node.Output.AddRange(outputs.Select(output => output.Name));
        graph.Node.Add(node);
        if (inputs.All(input => input is null || IsConstant(input)))
            foldable.UnionWith(node.Output);
        else
            histogram[op] = histogram.GetValueOrDefault(op) + 1;
        return outputs;
    }

    /// <summary>True when a value depends on constants only.</summary>
    public bool IsConstant(Value value) => constants.ContainsKey(value.Name) || foldable.Contains(value.Name);

    /// <summary>Adds multiply-accumulates to <see cref="Flops"/>; each factor may be free.</summary>
    public void CountMultiplyAccumulates(params ReadOnlySpan<long> factors)
    {
        long product = 2;
        foreach (var factor in factors)
            product *= factor == Value.Free ? NominalFreeLength : factor;
        Flops += product;
    }

    /// <summary>The finished graph without its large constants; <see cref="OnnxWriter"/> adds them.</summary>
    internal ModelProto ToModel()
    {
        var model = new ModelProto { IrVersion = 10, ProducerName = "HunyuanPortrait Cluster", Graph = graph.Clone() };
        foreach (var domain in domains.Order(StringComparer.Ordinal))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = domain.Length == 0 ? OpsetVersion : 1 });
        return model;
    }

    private static AttributeProto ToAttribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case float number:
                attribute.F = number;
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                break;
            case int or long:
                attribute.I = Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                break;
            case string text:
                attribute.S = Google.Protobuf.ByteString.CopyFromUtf8(text);
                attribute.Type = AttributeProto.Types.AttributeType.String;
                break;
            case int[] numbers:
                attribute.Ints.AddRange(numbers.Select(number => (long)number));
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case float[] numbers:
                attribute.Floats.AddRange(numbers);
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                break;
            default:
                throw new ArgumentException($"Attribute {name} has a {value.GetType().Name}, which the format writer does not know.", nameof(value));
        }

        return attribute;
    }

    private static ValueInfoProto Describe(string name, int[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(dim => dim == Value.Free
            ? new TensorShapeProto.Types.Dimension { DimParam = "frames" }
            : new TensorShapeProto.Types.Dimension { DimValue = dim }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.TensorType { ElemType = (int)TensorType.Float, Shape = shape } },
        };
    }
}
