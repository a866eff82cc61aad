namespace HunyuanPortrait.Rendering.Sources;

/// <summary>The face networks that ship with the product.</summary>
public static class FaceNetworks
{
    /// <summary>Beside the program; the project file puts them there.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models", "faces");
}
