using System.Numerics;
using System.Runtime.CompilerServices;

namespace HunyuanPortrait.Core.Tensors;

/// <summary>One output element from two input elements.</summary>
internal interface IPairKernel
{
    Vector<float> Apply(Vector<float> x, Vector<float> y);
}

/// <summary>One output element from three input elements.</summary>
internal interface ITripleKernel
{
    Vector<float> Apply(Vector<float> x, Vector<float> y, Vector<float> z);
}

/// <summary>
/// Runs a kernel over spans, one vector register at a time. Every operation is rounded by itself (nothing is fused), so the bits do not depend
/// on the width of the registers or on where an element lies. The result may be one of the inputs.
/// </summary>
internal static class Elementwise
{
    public static void Apply<TKernel>(TKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result)
        where TKernel : struct, IPairKernel
    {
        RequireLength(result.Length, x.Length);
        RequireLength(result.Length, y.Length);
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= result.Length - width; i += width)
            kernel.Apply(new Vector<float>(x[i..]), new Vector<float>(y[i..])).CopyTo(result[i..]);
        if (i < result.Length)
            kernel.Apply(Tail(x[i..]), Tail(y[i..])).AsTail(result[i..]);
    }

    public static void Apply<TKernel>(
        TKernel kernel, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> result)
        where TKernel : struct, ITripleKernel
    {
        RequireLength(result.Length, x.Length);
        RequireLength(result.Length, y.Length);
        RequireLength(result.Length, z.Length);
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= result.Length - width; i += width)
            kernel.Apply(new Vector<float>(x[i..]), new Vector<float>(y[i..]), new Vector<float>(z[i..])).CopyTo(result[i..]);
        if (i < result.Length)
            kernel.Apply(Tail(x[i..]), Tail(y[i..]), Tail(z[i..])).AsTail(result[i..]);
    }

    /// <summary>Throws when two spans that belong together differ in length.</summary>
    public static void RequireLength(int expected, int actual, [CallerArgumentExpression(nameof(actual))] string? name = null)
    {
        if (expected != actual)
            throw new ArgumentException($"Expected {expected} elements, got {actual}.", name);
    }

    private static Vector<float> Tail(ReadOnlySpan<float> values)
    {
        Span<float> padded = stackalloc float[Vector<float>.Count];
        padded.Clear();
        values.CopyTo(padded);
        return new Vector<float>(padded);
    }

    private static void AsTail(this Vector<float> vector, Span<float> result)
    {
        Span<float> padded = stackalloc float[Vector<float>.Count];
        vector.CopyTo(padded);
        padded[..result.Length].CopyTo(result);
    }
}
