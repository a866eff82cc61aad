using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace HunyuanPortrait.Benchmarks;

/// <summary>What the Python process says about itself.</summary>
/// <param name="Torch">Version.</param>
/// <param name="Threads">Threads that PyTorch uses.</param>
/// <param name="Libraries">BLAS libraries that it loaded; matrix products of Debian's PyTorch are as fast as these.</param>
internal sealed record PyTorchDescription(string Torch, int Threads, IReadOnlyList<string> Libraries);

/// <summary><c>training/bench_networks.py</c> as a process that runs on demand, so that it can take turns with ours.</summary>
internal sealed class PyTorchProcess : IDisposable
{
    private readonly Process process;

    private PyTorchProcess(Process process, PyTorchDescription description)
    {
        this.process = process;
        Description = description;
    }

    public PyTorchDescription Description { get; }

    /// <summary>Starts the process and waits until its networks are loaded.</summary>
    /// <param name="python">Interpreter.</param>
    /// <param name="configuration">Path of its configuration (see the script's help).</param>
    public static PyTorchProcess Start(string python, string configuration)
    {
        var script = Path.Combine(RepositoryRoot(), "training", "bench_networks.py");
        var start = new ProcessStartInfo(python, [script, "--config", configuration, "--serve"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        var description = JsonSerializer.Deserialize<PyTorchDescription>(Answer(process), JsonSerializerOptions.Web)!;
        return new PyTorchProcess(process, description);
    }

    /// <summary>One variant as a contender.</summary>
    public Contender Variant(string variant) => new($"PyTorch {variant}", () => double.Parse(Ask($"run {variant}"), CultureInfo.InvariantCulture));

    /// <summary>Runs a variant and has its result written to a safetensors file.</summary>
    public void Write(string variant, string path) => Ask($"write {variant} {path}");

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private string Ask(string command)
    {
        process.StandardInput.WriteLine(command);
        process.StandardInput.Flush();
        return Answer(process);
    }

    private static string Answer(Process process) =>
        process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The Python process ended; its message is above.");

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HunyuanPortrait.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The harness must run inside the repository: it starts training/bench_networks.py.");
    }
}
