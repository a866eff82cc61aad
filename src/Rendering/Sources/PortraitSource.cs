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
    public CutPortrait Cut(MediaFile file, FacePlace face, ModelGeometry geometry)
    {
        var cut = new PortraitCropper(detector, geometry).Cut(new PictureReader().Read(file.Path), FacePlaces.SelectionOf(face, file.TrackPath));
        return new CutPortrait(cut.Crops, cut.Place);
    }
}
