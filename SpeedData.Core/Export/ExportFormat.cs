namespace SpeedData.Core.Export;

/// <summary>The output format of an export.</summary>
public enum ExportFormat
{
    Csv,
    Jsonl,
    Json,
    Parquet,
    Arrow,
    Hdf5,
    Mcap,
    Avro,
}

/// <summary>Names and file extensions of the export formats.</summary>
public static class ExportFormats
{
    public const string Names = "csv, jsonl, json, parquet, arrow, hdf5, mcap or avro";

    public static ExportFormat? Parse(string text) =>
        Enum.TryParse(text, ignoreCase: true, out ExportFormat format) && Enum.IsDefined(format) && !char.IsAsciiDigit(text[0]) ? format : null;

    /// <summary>Returns the format for the extension of a path.</summary>
    public static ExportFormat? OfPath(string path) => Path.GetExtension(path) switch
    {
        ".ndjson" => ExportFormat.Jsonl,
        ".feather" or ".ipc" => ExportFormat.Arrow,
        ".h5" or ".hdf" => ExportFormat.Hdf5,
        { Length: > 1 } extension => Parse(extension[1..]),
        _ => null,
    };

    public static string Extension(this ExportFormat format) => "." + format.ToString().ToLowerInvariant();

    public static string MediaType(this ExportFormat format) => format switch
    {
        ExportFormat.Csv => "text/csv; charset=utf-8",
        ExportFormat.Jsonl => "application/x-ndjson",
        ExportFormat.Json => "application/json",
        ExportFormat.Parquet => "application/vnd.apache.parquet",
        ExportFormat.Arrow => "application/vnd.apache.arrow.file",
        ExportFormat.Hdf5 => "application/x-hdf5",
        ExportFormat.Mcap => "application/x-mcap",
        _ => "application/avro",
    };
}
