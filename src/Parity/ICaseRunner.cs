namespace HunyuanPortrait.Parity;

/// <summary>Runs one kind of case. Kinds are told by what the configuration holds, never by the directory's name.</summary>
internal interface ICaseRunner
{
    /// <summary>Name of the kind.</summary>
    string Kind { get; }

    /// <summary>True when the directory is of this kind.</summary>
    bool Accepts(CaseDirectory directory);

    /// <summary>Compares every recorded output.</summary>
    IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options);
}
