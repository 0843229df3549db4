using System.Globalization;
using System.Text;
using SpeedData.Core.Configuration;

namespace SpeedData.Bench.Picture;

/// <summary>Draws the four algorithms on one signal as SVG: the picture in docs/decimation.md.</summary>
internal static class AlgorithmsPicture
{
    private const int Left = 12, Width = 960, PanelHeight = 170, Gap = 34;
    private const double Middle = PanelHeight * 0.62, Unit = 15;

    private static readonly (DecimationAlgorithm Algorithm, string Text)[] Panels =
    [
        (DecimationAlgorithm.Downsample, "the last record of every 50: the spike is gone, and the fast sine has become a slow one that is not there"),
        (DecimationAlgorithm.Average, "the mean of every 50: the slow sine alone; the spike is an eighth of a unit"),
        (DecimationAlgorithm.Rms, "the root mean square of every 50: strength without sign"),
        (DecimationAlgorithm.MinMax, "minima and maxima of every 100: nothing leaves the band"),
    ];

    /// <summary>Writes the file.</summary>
    public static void Write(string path)
    {
        double[] samples = SampleSignal.Samples();
        int height = Panels.Length * (PanelHeight + Gap);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width + (2 * Left)} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<defs><path id=\"all\" d=\"{Envelope(samples)}\" fill=\"none\" stroke=\"#cdd3da\"/></defs>\n");
        for (int i = 0; i < Panels.Length; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({Left} {i * (PanelHeight + Gap)})\">\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text y=\"22\"><tspan font-weight=\"bold\">{Panels[i].Algorithm}</tspan>: {Panels[i].Text}</text>\n<g transform=\"translate(0 {Gap})\"><use href=\"#all\"/>\n");
            svg.Append(Drawn(Panels[i].Algorithm, DecimatedSignal.Of(samples, Panels[i].Algorithm, SampleSignal.Factor)));
            svg.Append("</g></g>\n");
        }

        svg.Append("</svg>\n");
        File.WriteAllText(path, svg.ToString());
    }

    /// <summary>Draws all samples: for each column of the picture a stroke from the smallest to the largest.</summary>
    private static string Envelope(double[] samples) => string.Concat(Enumerable.Range(0, Width).Select(x =>
    {
        double[] column = samples[(x * samples.Length / Width)..Math.Min(samples.Length, ((x + 1) * samples.Length / Width) + 1)];
        return string.Create(CultureInfo.InvariantCulture, $"M{x} {Y(column.Min()):F1}V{Y(column.Max()):F1}");
    }));

    private static string Drawn(DecimationAlgorithm algorithm, IReadOnlyList<double> values)
    {
        if (algorithm != DecimationAlgorithm.MinMax)
            return Line("#0b57a4", values);
        double[] least = [.. values.Where((_, i) => i % 2 == 0)], most = [.. values.Where((_, i) => i % 2 == 1)];
        return Line("#0b57a4", least) + Line("#b3261e", most);
    }

    private static string Line(string colour, IReadOnlyList<double> values) =>
        $"<polyline points=\"{Line(values)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n";

    /// <summary>Draws each value in the middle of its window.</summary>
    private static string Line(IReadOnlyList<double> values) =>
        string.Join(' ', values.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{(i + 0.5) * Width / values.Count:F1},{Y(value):F1}")));

    private static double Y(double value) => Middle - (value * Unit);
}
