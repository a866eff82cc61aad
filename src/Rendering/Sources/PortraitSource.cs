using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Pictures;

namespace HunyuanPortrait.Rendering.Sources;

/// <summary>Portrait files → crops, as the renderer cuts them.</summary>
/// <param name="detector">Finds faces.</param>
public sealed class PortraitSource(IFaceDetector detector) : IPortraitSource
{
    /// <inheritdoc/>
    public CutPortrait Cut(string path, FacePlace face, ModelGeometry geometry)
    {
        var cut = new PortraitCropper(detector, geometry).Cut(new PictureReader().Read(path), FacePlaces.SelectionOf(face));
        return new CutPortrait(cut.Crops, cut.Place);
    }
}

/// <summary>What a job says about faces, in the words of the media.</summary>
internal static class FacePlaces
{
    public static FaceSelection SelectionOf(FacePlace place) => place switch
    {
        { Source: FaceSource.Centred } => FaceSelection.AssumedCentred,
        { Source: FaceSource.Box, Box: { } box } => FaceSelection.InBox(box),
        _ => FaceSelection.Detected,
    };
}
