namespace HunyuanPortrait.Rendering.Stages;

/// <summary>Hands reports on at once and in order, unlike <see cref="Progress{T}"/>, which posts them.</summary>
internal sealed class ProgressRelay<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
