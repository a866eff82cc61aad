using System.Reflection;
using System.Text;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Jobs;

namespace HunyuanPortrait.Cluster.Tests.Contracts;

/// <summary>
/// What silos of different versions say to each other and find in the store is text that is reviewed: src/Grains.Interfaces/OrleansContracts.txt.
/// After a change that is meant, copy the new text from where the message says.
/// </summary>
public sealed class ContractsTests
{
    [Fact]
    public void Contracts_Always_AreThoseThatWereReviewed()
    {
        var actual = Describe(typeof(IRenderJobGrain).Assembly, typeof(RenderJobState).Assembly);
        var path = Path.Combine(Root(), "src/Grains.Interfaces/OrleansContracts.txt");
        var reviewed = File.Exists(path) ? File.ReadAllText(path) : "";
        if (reviewed == actual)
            return;
        var proposal = Path.Combine(AppContext.BaseDirectory, "OrleansContracts.txt");
        File.WriteAllText(proposal, actual);
        var (before, after) = (reviewed.Split('\n'), actual.Split('\n'));
        Assert.Fail($"The contracts have changed:\n{string.Join('\n', before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)))}\nThe new text is {proposal}");
    }

    [Fact]
    public void WireTypes_Always_HaveAliasesAndIds()
    {
        var types = typeof(IRenderJobGrain).Assembly.GetExportedTypes().Concat(typeof(RenderJobState).Assembly.GetExportedTypes())
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), false) || (type.IsInterface && typeof(IGrain).IsAssignableFrom(type) && IsCallable(type))).ToArray();
        Assert.NotEmpty(types);
        Assert.Empty(types.Where(type => AliasOf(type) is null).Select(type => type.Name));
        Assert.Equal(types.Length, types.Select(AliasOf).Distinct().Count());
        Assert.Empty(types.Where(type => type.IsInterface).SelectMany(type => type.GetMethods()).Where(method => AliasOf(method) is null).Select(method => method.Name));
    }

    // The base of the owners is never a grain of its own.
    private static bool IsCallable(Type type) => type.Name != "ITaskOwnerGrain";

    private static string Describe(params Assembly[] assemblies)
    {
        var text = new StringBuilder();
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetExportedTypes()).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (type.IsInterface && typeof(IGrain).IsAssignableFrom(type))
                Append(text, $"interface {AliasOf(type) ?? type.Name}", type.GetMethods().Select(Describe));
            else if (type.IsEnum && type.IsDefined(typeof(GenerateSerializerAttribute), false))
                Append(text, $"enum {AliasOf(type)}", Enum.GetValues(type).Cast<object>().Select(value => $"{(int)value} {value}"));
            else if (type.IsDefined(typeof(GenerateSerializerAttribute), false))
                Append(text, $"record {AliasOf(type)}", type.GetProperties().Where(property => property.IsDefined(typeof(IdAttribute)))
                    .Select(property => $"{property.GetCustomAttribute<IdAttribute>()!.Id} {property.Name}: {NameOf(property.PropertyType)}"));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string heading, IEnumerable<string> lines)
    {
        text.Append(heading).Append('\n');
        foreach (var line in lines.Order(StringComparer.Ordinal))
            text.Append("  ").Append(line).Append('\n');
    }

    private static string Describe(MethodInfo method) =>
        $"{AliasOf(method)}({string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)))}): {NameOf(method.ReturnType)}";

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias;

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : AliasOf(type) ?? type.Name;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HunyuanPortrait.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No HunyuanPortrait.sln above " + AppContext.BaseDirectory);
    }
}
