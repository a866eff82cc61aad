using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Import;
using HunyuanPortrait.Conversion.Models;

namespace HunyuanPortrait.Evaluation.Tests;

/// <summary>A model and a factor reader with random weights, written once.</summary>
public sealed class RandomModels : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("evaluation-test-").FullName;

    public RandomModels()
    {
        var small = Architecture.Small;
        StandInModel.Write(ModelFolder, small with { ImageSize = 64, Defaults = small.Defaults with { InferenceSteps = 2 } }, 1);
        WriteTrainedReader();
        FactorReaderImporter.Import(TrainedReaderFolder, ReaderFolder);
    }

    public string ModelFolder => Path.Combine(folder, "model");

    public string TrainedReaderFolder => Path.Combine(folder, "trained-reader");

    public string ReaderFolder => Path.Combine(folder, "reader");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>What training.train_reader writes.</summary>
    private void WriteTrainedReader()
    {
        Directory.CreateDirectory(TrainedReaderFolder);
        var architecture = Architecture.Small with { Expression = Architecture.Small.Expression with { OutFeatDim = 6 } };
        using (var weights = StandInModel.Checkpoint(architecture, CheckpointLabels.Expression, 3))
        using (var writer = new SafetensorsWriter(Path.Combine(TrainedReaderFolder, "factor_reader.safetensors"), [.. weights.Tensors.Values]))
        {
            foreach (var entry in weights.Tensors.Values)
            {
                var values = new float[entry.Shape.ElementCount];
                weights.ReadFloats(entry.Name, values);
                writer.Write(values);
            }
        }

        File.WriteAllText(Path.Combine(TrainedReaderFolder, "reader.json"), """
            {
              "factors": ["leftEye", "rightEye", "gazeX", "gazeY", "jaw", "smile"], "pictureSize": 64, "workSize": 256, "cropSize": 64,
              "network": {"stem_channels": 16, "planes": [16, 24, 32, 48], "layers": [1, 1, 1, 1], "expansion": 4, "groupnorm_groups": 1, "out_feat_dim": 6},
              "training": {"steps": 0}, "r2": {"drawings": {"jaw": -1.5}}
            }
            """);
    }
}
