using SpeedData.Core.Configuration;
using SpeedData.Core.Host;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Channels;

/// <summary>
/// A channel's schema file, which may come later, or lie on a disk that does not answer. A thread of its own reads it, so
/// nobody waits for long. One thread at a time.
/// </summary>
public sealed class SchemaFile(ChannelOptions options)
{
    private Task<RecordSchema>? _reading;

    /// <param name="patience">How long a reading that begins now is waited for. One that began earlier is only looked at.</param>
    /// <exception cref="ChannelSetupException">It is not there, cannot be used, or does not answer; later it may.</exception>
    public RecordSchema Load(FilePatience patience)
    {
        TimeSpan wait = _reading is null ? patience.For(options.SchemaPath) : TimeSpan.Zero;
        _reading ??= Read();
        try
        {
            if (!_reading.Wait(wait))
            {
                patience.Lose(options.SchemaPath);
                throw Fault("the file system does not answer");
            }
        }
        catch (AggregateException e)
        {
            _reading = null;
            throw Fault(e.GetBaseException().Message, e.InnerException);
        }

        RecordSchema schema = _reading.Result;
        _reading = null;
        if (options.Time.Field is { } field && !TimeField.Candidates(schema.Layout).Contains(field))
            throw Fault($"it has no field {field} that Time:Field can name");
        return schema;
    }

    private Task<RecordSchema> Read()
    {
        var reading = new TaskCompletionSource<RecordSchema>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            OwnedThread.Start($"{options.Name} schema", () => Complete(reading));
        }
        catch (ThreadRoomException e)
        {
            reading.SetException(e);
        }

        return reading.Task;
    }

    private void Complete(TaskCompletionSource<RecordSchema> reading)
    {
        try
        {
            reading.SetResult(RecordSchema.Load(options.SchemaPath));
        }
        catch (Exception e)
        {
            reading.SetException(e);
        }
    }

    private ChannelSetupException Fault(string why, Exception? inner = null) => new($"Schema = {options.SchemaPath}: {why}", inner);
}
