using HunyuanPortrait.Rendering.Progress;

namespace HunyuanPortrait.Cli.Terminal;

/// <summary>Shows the progress of one piece of work.</summary>
internal interface IProgressDisplay
{
    Task<T> ShowAsync<T>(Func<IProgress<RenderProgress>, Task<T>> work);
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgressDisplay : IProgressDisplay, IProgress<RenderProgress>
{
    public Task<T> ShowAsync<T>(Func<IProgress<RenderProgress>, Task<T>> work) => work(this);

    public void Report(RenderProgress value)
    {
    }
}
