using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Configuration;
using SpeedData.Core.Export;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Http;

namespace SpeedData.Server.Recordings;

/// <summary>The predecessor's endpoint: answers with channels of a range as one HDF5 file that a separate process writes.</summary>
internal sealed class PivotEndpoint(SpeedDataOptions options, TimeProvider time, ReaderSlots slots)
{
    public async Task AnswerAsync(HttpContext context)
    {
        if (PivotQuery.Of(context.Request.Query, options.Pivot, time.GetUtcNow(), out int status, out PivotErrorView? error) is not { } query)
        {
            await Answer.WriteAsync(context, status, error!, PivotJson.Readable.PivotErrorView);
            return;
        }

        using IDisposable? slot = slots.TryTake();
        if (slot is null)
        {
            await RecordsEndpoint.BusyAsync(context);
            return;
        }

        await using var file = new ReaderFile();
        (int exitCode, string errors, _) = await file.MakeAsync(path => query.Arguments(options.AvroPath, path), context.RequestAborted);
        if (exitCode != ExitCode.Ok)
        {
            await RecordsEndpoint.FailedAsync(context, exitCode, errors);
            return;
        }

        context.Response.ContentType = ExportFormat.Hdf5.MediaType();
        context.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"pivot_{Name(query.FromNs)}_{Name(query.ToNs)}.h5\"");
        await file.SendAsync(context);
    }

    private static string Name(long ns) => DateTimeOffset.FromUnixTimeSeconds((long)Math.Floor(ns / 1e9)).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}

[JsonSerializable(typeof(PivotErrorView))]
internal sealed partial class PivotJson : JsonSerializerContext
{
    /// <summary>Like the other answers, does not escape characters in addresses.</summary>
    public static readonly PivotJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
