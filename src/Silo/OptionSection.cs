using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using HunyuanPortrait.Grains.Hosting;
using Microsoft.Extensions.Configuration;

namespace HunyuanPortrait.Silo;

/// <summary>One section of the configuration and the type that it becomes: everything that is wrong with it in sentences, with what was given and what is allowed.</summary>
internal static class OptionSection
{
    private const BindingFlags Properties = BindingFlags.Public | BindingFlags.Instance;

    /// <summary>Reads a section; what cannot be read is said and left at its default.</summary>
    public static T Read<T>(IConfigurationSection section, ICollection<string> failures)
        where T : new()
    {
        var known = typeof(T).GetProperties(Properties).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var before = failures.Count;
        foreach (var child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out var property))
                failures.Add($"{child.Path} is not known; there are {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
            else if (Malformed(property, child) is { } failure)
                failures.Add(failure);
        }

        return failures.Count == before ? section.Get<T>() ?? new T() : new T();
    }

    /// <summary>What the attributes of a type forbid.</summary>
    /// <param name="section">Its name.</param>
    /// <param name="options">Its values.</param>
    public static IEnumerable<string> Violations(string section, object options) =>
        from property in options.GetType().GetProperties(Properties)
        let value = property.GetValue(options)
        from rule in property.GetCustomAttributes<ValidationAttribute>()
        where !rule.IsValid(value)
        select $"{section}:{property.Name} ({Text(value)}) {Allowed(rule)}.";

    private static string? Malformed(PropertyInfo property, IConfigurationSection given)
    {
        if (typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string))
        {
            return given.Value is null && given.GetChildren().All(item => int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                ? null
                : $"{given.Path} is a list: give {given.Path}:0, {given.Path}:1 and so on.";
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return given.Value is { } text && (type.IsEnum ? IsDefined(type, text) : TypeDescriptor.GetConverter(type).IsValid(text)) ? null
            : $"{given.Path} ({given.Value}) must be {Form(type)}.";
    }

    // Numbers would pass for names that there are not.
    private static bool IsDefined(Type type, string text) =>
        text.Split(',', StringSplitOptions.TrimEntries).All(name => Names(type).Contains(name, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(Type type) => Enum.GetNames(type).Where(name => name != nameof(SiloRoles.None));

    private static string Form(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Names(type))}{(type.IsDefined(typeof(FlagsAttribute)) ? ", or several with commas between" : "")}",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a time as 00:00:30",
        _ when type == typeof(int) => "a whole number",
        _ => "one value",
    };

    private static string Allowed(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"must be from {range.Minimum} to {range.Maximum}"),
        RequiredAttribute => "must not be empty",
        _ => rule.FormatErrorMessage("it"),
    };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "nothing";
}
