namespace HunyuanPortrait.Rendering.Sources;

/// <summary>Where the face networks are that ship with the product.</summary>
public static class FaceNetworkFolder
{
    /// <summary>Beside the program; the project file puts them there.</summary>
    public static string Path => Stages.FaceNetworks.Folder;
}
