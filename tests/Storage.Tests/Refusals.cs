using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Storage.Tests;

internal static class Refusals
{
    public static async Task<RenderException> OfAsync(Func<Task> action) => await Assert.ThrowsAsync<RenderException>(action);
}
