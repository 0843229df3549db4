using System.Diagnostics;
using System.Text.Json;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Live;

/// <summary>Foxglove's own client against the real server.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FoxgloveTests
{
    // Prints READY once it has subscribed, then each record. Ends after the requested number of records.
    private const string Client = """
        const WebSocket = require('ws');
        const { FoxgloveClient } = require('@foxglove/ws-protocol');
        const [url, topic, most] = process.argv.slice(1);
        const client = new FoxgloveClient({ ws: new WebSocket(url, ['foxglove.websocket.v1']) });
        let records = 0;
        client.on('error', error => { console.error(error); process.exit(1); });
        // The server answers requests in order, and it does not know this one.
        client.on('status', () => console.log('READY'));
        client.on('advertise', channels => {
            const channel = channels.find(known => known.topic === topic);
            if (channel.encoding !== 'json' || channel.schemaEncoding !== 'jsonschema') process.exit(2);
            console.log(channel.schema);
            client.subscribe(channel.id);
            client.getParameters([]);
        });
        client.on('message', message => {
            console.log(new TextDecoder().decode(message.data));
            if (++records == most) process.exit(0);
        });
        """;

    [TestCase("/alpha", 5)]
    [TestCase("/alpha/full", 1)]
    public void A_client_gets_every_record_in_order(string topic, int step)
    {
        RequireClient();
        const int Records = 500;
        using var server = new ServerProcess();
        server.Start();
        server.UntilItRelays();
        server.UntilHttpAnswers();
        using Process client = Process.Start(new ProcessStartInfo("node", ["-e", Client, $"ws://127.0.0.1:{server.HttpPort}/foxglove", topic, $"{Records}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = client.StandardError.ReadToEndAsync();
        string? schema = client.StandardOutput.ReadLine();
        string? ready = client.StandardOutput.ReadLine();
        Assert.That(ready, Is.EqualTo("READY"), () => $"the client says: {errors.Result}");

        server.Send(Records * step);
        List<long> sequences = [];
        while (client.StandardOutput.ReadLine() is { } line)
            sequences.Add(JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64());

        Assert.Multiple(() =>
        {
            Assert.That(client.WaitForExit(20_000) ? client.ExitCode : -1, Is.Zero, () => $"the client says: {errors.Result}");
            Assert.That(JsonDocument.Parse(schema!).RootElement.GetProperty("properties").GetProperty("sequence").GetProperty("type").GetString(), Is.EqualTo("integer"));
            Assert.That(sequences, Is.EqualTo(Enumerable.Range(0, Records).Select(i => sequences[0] + (i * step))));
        });
    }

    private static void RequireClient()
    {
        try
        {
            using Process node = Process.Start(new ProcessStartInfo("node", ["-e", "require('ws'); require('@foxglove/ws-protocol')"]) { RedirectStandardError = true })!;
            node.StandardError.ReadToEnd();
            node.WaitForExit();
            if (node.ExitCode == 0)
                return;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // node is not installed.
        }

        Assert.Ignore("node or npm's ws and @foxglove/ws-protocol are not installed (NODE_PATH must name the folder node_modules with them)");
    }
}
