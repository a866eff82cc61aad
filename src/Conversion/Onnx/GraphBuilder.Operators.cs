namespace HunyuanPortrait.Conversion.Onnx;

// Standard operators with their shape rules. A rule that does not hold is a bug of the caller, so it throws ArgumentException.
public sealed partial class GraphBuilder
{
    /// <summary>2-D convolution, NCHW.</summary>
    /// <param name="x"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[M, C/groups, kH, kW]</c>.</param>
    /// <param name="bias"><c>[M]</c>, or null.</param>
    /// <param name="geometry">Strides, padding and groups.</param>
    public Value Conv(Value x, Value weight, Value? bias, ConvGeometry geometry)
    {
        Require(x.Rank == weight.Rank && x[1] == weight[1] * geometry.Groups, $"Conv: input {x} does not fit weight {weight}.");
        var spatial = x.Rank - 2;
        var dims = new int[x.Rank];
        dims[0] = x[0];
        dims[1] = weight[0];
        for (var axis = 0; axis < spatial; axis++)
            dims[axis + 2] = geometry.OutputLength(axis, spatial, x[axis + 2], weight[axis + 2]);
        CountMultiplyAccumulates([.. dims.Select(dim => (long)dim), .. weight.Dims.Skip(1).Select(dim => (long)dim)]);
        return Node("Conv", dims, [x, weight, bias],
            ("kernel_shape", weight.Dims[2..]), ("strides", geometry.Strides), ("pads", geometry.Pads), ("group", geometry.Groups));
    }

    /// <summary><c>x·Wᵀ + b</c> on rows: <c>[R, K]</c> with a weight <c>[N, K]</c> as checkpoints store it.</summary>
    public Value Gemm(Value x, Value weight, Value? bias)
    {
        Require(x.Rank == 2 && x[1] == weight[1], $"Gemm: input {x} does not fit weight {weight}.");
        if (!IsConstant(x))
            CountMultiplyAccumulates(x[0], x[1], weight[0]);
        return Node("Gemm", [x[0], weight[0]], [x, weight, bias], ("transB", 1));
    }

    /// <summary>Batched matrix product; leading dimensions are equal, or one side has none.</summary>
    public Value MatMul(Value a, Value b)
    {
        Require(a[^1] == b[^2], $"MatMul: {a} and {b} do not fit.");
        var leading = a.Rank >= b.Rank ? a.Dims[..^2] : b.Dims[..^2];
        if (!IsConstant(a) || !IsConstant(b))
            CountMultiplyAccumulates([.. leading.Select(dim => (long)dim), a[^2], a[^1], b[^1]]);
        return Node("MatMul", [.. leading, a[^2], b[^1]], [a, b]);
    }

    /// <summary>Sum with broadcasting.</summary>
    public Value Add(Value a, Value b) => Node("Add", Broadcast(a, b), [a, b]);

    /// <summary>Difference with broadcasting.</summary>
    public Value Sub(Value a, Value b) => Node("Sub", Broadcast(a, b), [a, b]);

    /// <summary>Product with broadcasting.</summary>
    public Value Mul(Value a, Value b) => Node("Mul", Broadcast(a, b), [a, b]);

    /// <summary>Quotient with broadcasting.</summary>
    public Value Div(Value a, Value b) => Node("Div", Broadcast(a, b), [a, b]);

    /// <summary>An operator that works on each element (Sigmoid, Relu, Gelu, Sin, Cos, Sqrt, …).</summary>
    public Value Elementwise(string op, Value x) => Node(op, x.Dims, [x]);

    /// <summary><c>x·sigmoid(x)</c>; ONNX Runtime fuses the two nodes.</summary>
    public Value Silu(Value x) => Mul(x, Elementwise("Sigmoid", x));

    /// <summary>Another shape for the same elements; one dimension may be free when the input has a free one.</summary>
    public Value Reshape(Value x, params int[] dims)
    {
        if (x.Dims.AsSpan().SequenceEqual(dims))
            return x;
        Require(dims.Contains(Value.Free) || x.Count == new Value("", dims).Count, $"Reshape: {x} does not become [{string.Join(", ", dims)}].");
        if (x.Count != Value.Free && dims.Contains(Value.Free))
            dims = [.. dims.Select(dim => dim == Value.Free ? (int)(x.Count / -dims.Aggregate(1L, (product, other) => product * other)) : dim)];
        return Node("Reshape", dims, [x, Integers([.. dims.Select(dim => (long)dim)])]);
    }

    /// <summary>Permuted axes.</summary>
    public Value Transpose(Value x, params int[] permutation) =>
        Node("Transpose", [.. permutation.Select(axis => x[axis])], [x], ("perm", permutation));

    /// <summary>Joins values along one axis.</summary>
    public Value Concat(int axis, params Value[] values)
    {
        if (values.Length == 1)
            return values[0];
        var dims = values[0].Dims.ToArray();
        dims[axis] = values.Sum(value => value[axis]);
        return Node("Concat", dims, values, ("axis", axis));
    }

    /// <summary>Cuts a value along one axis.</summary>
    public Value[] Split(Value x, int axis, params int[] lengths)
    {
        if (lengths.Length == 1)
            return [x];
        Require(lengths.Sum() == x[axis], $"Split: {x} does not split into {string.Join(" + ", lengths)} on axis {axis}.");
        var outputs = lengths.Select(length => { var dims = x.Dims.ToArray(); dims[axis] = length; return dims; }).ToArray();
        return Nodes("Split", outputs, [x, Integers([.. lengths.Select(length => (long)length)])], ("axis", axis));
    }

    /// <summary>Elements [start, end) along one axis.</summary>
    public Value Slice(Value x, int axis, int start, int end)
    {
        if (start == 0 && end == x[axis])
            return x;
        var dims = x.Dims.ToArray();
        dims[axis] = end - start;
        return Node("Slice", dims, [x, Integers(start), Integers(end), Integers(axis)]);
    }

    /// <summary>Softmax over the last axis.</summary>
    public Value Softmax(Value x) => Node("Softmax", x.Dims, [x], ("axis", -1));

    /// <summary>Layer norm over the last axis.</summary>
    public Value LayerNormalization(Value x, Value scale, Value bias, float epsilon) =>
        Node("LayerNormalization", x.Dims, [x, scale, bias], ("axis", -1), ("epsilon", epsilon));

    /// <summary>Mean over axes, which are dropped or kept with length 1.</summary>
    public Value ReduceMean(Value x, int[] axes, bool keepDims)
    {
        int[] dims = [.. x.Dims.Select((dim, axis) => axes.Contains(axis) ? 1 : dim).Where((_, axis) => keepDims || !axes.Contains(axis))];
        return Node("ReduceMean", dims, [x, Integers([.. axes.Select(axis => (long)axis)])], ("keepdims", keepDims ? 1 : 0));
    }

    /// <summary>Repeats a value to a larger shape.</summary>
    public Value Expand(Value x, params int[] dims) => Node("Expand", dims, [x, Integers([.. dims.Select(dim => (long)dim)])]);

    /// <summary>Max pooling, NCHW.</summary>
    public Value MaxPool(Value x, int kernel, ConvGeometry geometry) =>
        Node("MaxPool", [x[0], x[1], geometry.OutputLength(0, 2, x[2], kernel), geometry.OutputLength(1, 2, x[3], kernel)], [x],
            ("kernel_shape", new[] { kernel, kernel }), ("strides", geometry.Strides), ("pads", geometry.Pads));

    /// <summary>Doubles height and width by repetition; <paramref name="heightAxis"/> is 2 in NCHW, 1 in NHWC.</summary>
    public Value UpsampleNearest(Value x, int heightAxis)
    {
        var scales = new float[x.Rank];
        Array.Fill(scales, 1f);
        scales[heightAxis] = scales[heightAxis + 1] = 2f;
        int[] dims = [.. x.Dims.Select((dim, axis) => scales[axis] == 2f ? 2 * dim : dim)];
        return Node("Resize", dims, [x, null, Constant($"upsample:{x.Rank}:{heightAxis}", [x.Rank], scales)],
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
    }

    /// <summary>Rows of a table, chosen by fp32 numbers that hold whole indices.</summary>
    public Value Gather(Value table, Value indices) =>
        Node("Gather", [.. indices.Dims, .. table.Dims[1..]], [table, Cast(indices, TensorType.Int64)], ("axis", 0));

    /// <summary>Another element type.</summary>
    public Value Cast(Value x, TensorType type) => Node("Cast", x.Dims, [x], ("to", (int)type));

    /// <summary>Scaled dot-product attention without a mask; heads are cut from the last axis.</summary>
    /// <param name="query"><c>[B, S, C]</c>.</param>
    /// <param name="key"><c>[B, L, C]</c>.</param>
    /// <param name="value"><c>[B, L, C]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    public Value Attention(Value query, Value key, Value value, int heads)
    {
        CountAttention(query, key);
        return Node("Attention", query.Dims, [query, key, value], ("q_num_heads", heads), ("kv_num_heads", heads));
    }

    /// <summary>Counts the two products of an attention over <c>[B, S, C]</c> and <c>[B, L, C]</c>.</summary>
    public void CountAttention(Value query, Value key) => CountMultiplyAccumulates(2, query[0], query[1], query[2], key[1]);

    private static int[] Broadcast(Value a, Value b)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        var dims = new int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var left = i <= a.Rank ? a[^i] : 1;
            var right = i <= b.Rank ? b[^i] : 1;
            Require(left == right || left == 1 || right == 1, $"{a} and {b} do not broadcast.");
            dims[^i] = left == 1 ? right : left;
        }

        return dims;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}
