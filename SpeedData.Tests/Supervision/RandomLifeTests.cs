using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>
/// Runs random sequences of all events of a channel, and compares them with a model that knows the sent datagrams: no deadlock, an
/// exact ledger, every archived record in a file once, and no leaks.
/// </summary>
[NonParallelizable]
public sealed class RandomLifeTests
{
    // EIO. With ENOSPC, retention would delete files to make room.
    private const int InputOutputError = 5;

    private const int Sequences = 1000, WarmUp = 100, StepsEach = 12;

    [Test]
    [Platform("Linux")]
    public async Task Whatever_happens_to_channels_the_ledger_is_exact_and_nothing_leaks()
    {
        await RunAsync(0, WarmUp);
        (int Descriptors, int Threads, long Memory) before = Resources();
        await RunAsync(WarmUp, Sequences);
        (int Descriptors, int Threads, long Memory) after = Resources();
        Assert.Multiple(() =>
        {
            Assert.That(after.Descriptors, Is.LessThanOrEqualTo(before.Descriptors + 5), "file descriptors");
            Assert.That(after.Threads, Is.LessThanOrEqualTo(before.Threads + 10), "threads");
            // A leaked ring alone would cost 128 KiB for each of 900 sequences.
            Assert.That(after.Memory, Is.LessThanOrEqualTo(before.Memory + (64 << 20)), "anonymous memory");
        });
    }

    /// <summary>Runs several sequences at a time, since each waits more than it computes.</summary>
    private static Task RunAsync(int from, int to) => Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
    {
        using var life = new Life(seed);
        await life.RunAsync(StepsEach).WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    });

    private static (int Descriptors, int Threads, long Memory) Resources()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        string anonymous = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        long kib = long.Parse(anonymous.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        return (Directory.GetFiles("/proc/self/fd").Length, Directory.GetDirectories("/proc/self/task").Length, kib << 10);
    }

    private sealed class Life : IDisposable
    {
        private readonly int _seed;
        private readonly string _name;
        private readonly Random _random;
        private readonly FaultyTransport _transport = new();
        private readonly SlowFiles _files = new();
        private readonly Fleet _fleet;
        private readonly Socket _full, _decimated;
        private readonly List<(Channel Channel, bool WasSwitched)> _all = [];
        private readonly List<Task> _running = [];
        private ChannelOptions _options;
        private Channel? _channel;
        private int _sent;

        public Life(int seed)
        {
            _seed = seed;
            _name = $"life{seed:000}";
            _random = new Random(seed);
            _fleet = new Fleet(_transport, _files);
            _full = _fleet.Receiver();
            _decimated = _fleet.Receiver();
            ChannelOptions options = _fleet.Options(_name, _full, _decimated);
            _options = options with
            {
                Ring = new RingOptions { Bytes = 128 << 10 },
                Archive = new ArchiveOptions { BlockBytes = 4096, FlushEvery = TimeSpan.FromMilliseconds(1) },
                Restart = new RestartOptions { InitialDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
            };
            Add();
        }

        public async Task RunAsync(int steps)
        {
            for (int i = 0; i < steps; i++)
                Step();
            _files.Gate.Set();
            _files.WriteError = 0;
            (_transport.OnReceive, _transport.OnOpen, _transport.OnOpenStream, _transport.OnSend) = (_ => { }, _ => { }, _ => { }, _ => { });
            Task stopped = Task.Run(() => Assert.That(_fleet.Stop(30), Is.True, $"sequence {_seed} drains"));
            await Task.WhenAll([.. _running, stopped]);
            Eventually.True(() => !ThreadNames().Any(name => name.Contains(_name, StringComparison.Ordinal)), $"abandoned threads of sequence {_seed} end");
            AssertLedgers();
            Assert.That(_transport.Open, Is.Zero, $"sockets left open by sequence {_seed}");
        }

        public void Dispose()
        {
            _fleet.Dispose();
            _files.Dispose();
        }

        private static IEnumerable<string> ThreadNames()
        {
            foreach (string thread in Directory.GetDirectories("/proc/self/task"))
            {
                string name = "";
                try
                {
                    name = File.ReadAllText(Path.Combine(thread, "comm"));
                }
                catch (IOException)
                {
                    // The thread has ended meanwhile.
                }

                yield return name;
            }
        }

        private void Step()
        {
            switch (_random.Next(12))
            {
                case 0:
                    FailNext(1 + _random.Next(2), fault => _transport.OnReceive = fault);
                    break;
                case 1:
                    FailNext(1 + _random.Next(2), fault => _transport.OnSend = fault);
                    break;
                case 2:
                    FailNext(1 + _random.Next(3), fault => _transport.OnOpenStream = fault);
                    break;
                case 3:
                    FailNext(1 + _random.Next(3), fault => _transport.OnOpen = fault);
                    break;
                case 4:
                    _files.Gate.Reset();
                    break;
                case 5:
                    _files.Gate.Set();
                    break;
                case 6:
                    _files.WriteError = _random.Next(2) == 0 ? 0 : InputOutputError;
                    break;
                case 7:
                    Remove();
                    break;
                case 8:
                    Add();
                    break;
                default:
                    Change();
                    break;
            }

            Send(_random.Next(40));
        }

        private static void FailNext(int times, Action<Action<string>> set) => set(_ =>
        {
            if (Interlocked.Decrement(ref times) >= 0)
                throw new SpeedData.Core.Sockets.ChannelSetupException("injected");
        });

        private void Add()
        {
            if (_channel is not null)
                return;
            try
            {
                _channel = _fleet.Supervisor.Add(_options);
                _all.Add((_channel, false));
            }
            catch (ArgumentException)
            {
                // The channel is still being removed.
            }
        }

        private void Remove()
        {
            if (_channel is null)
                return;
            _channel = null;
            _running.Add(_fleet.Supervisor.RemoveAsync(_name, TimeSpan.FromSeconds(_random.Next(2) == 0 ? 0.02 : 20)));
        }

        private void Change()
        {
            ChannelOptions o = _options;
            bool switches = false;
            switch (_random.Next(9))
            {
                case 0:
                    o = o with { Ring = new RingOptions { Bytes = 128 << (10 + _random.Next(2)) } };
                    break;
                case 1:
                    o = o with { Archive = o.Archive with { Codec = (ArchiveCodec)_random.Next(2) } };
                    break;
                case 2:
                    o = o with { Decimated = o.Decimated with { Factor = 1 + _random.Next(7) } };
                    break;
                case 3:
                    o = o with { Decimated = o.Decimated with { Algorithm = (DecimationAlgorithm)_random.Next(4) } };
                    break;
                case 4:
                    o = o with { FullRate = o.FullRate with { BufferBytes = 1 << (16 + _random.Next(3)) } };
                    break;
                case 5:
                    o = o with { Receive = o.Receive with { BufferBytes = 1 << (20 + _random.Next(2)) } };
                    break;
                case 6:
                    o = o with { Archive = o.Archive with { Enabled = !o.Archive.Enabled } };
                    switches = true;
                    break;
                case 7:
                    o = o with { FullRate = o.FullRate with { Enabled = !o.FullRate.Enabled } };
                    switches = true;
                    break;
                default:
                    o = o with { Archive = o.Archive with { RetainFor = TimeSpan.FromHours(1 + _random.Next(3)) } };
                    break;
            }

            _options = o;
            if (_channel is not null && switches)
                _all[^1] = (_channel, true);
            if (_channel is not null)
                _running.Add(_fleet.Supervisor.ChangeAsync(o));
        }

        private void Send(int count)
        {
            _fleet.SendRecords(_options, _sent, count);
            _sent += count;
        }

        private void AssertLedgers()
        {
            long archived = 0;
            foreach ((Channel channel, bool wasSwitched) in _all)
            {
                LedgerSnapshot ledger = channel.Counters.Snapshot();
                archived += ledger.Writer.Archived;
                Assert.That(ledger.Pending, Is.Zero, $"pending in sequence {_seed}");
                if (!wasSwitched && channel.Options.Archive.Enabled && channel.Options.FullRate.Enabled)
                    Fleet.AssertLedger(channel);
            }

            // Data of an abandoned writer stays in a part file until the next start.
            List<int> counters = [.. _fleet.Archived(_name), .. _fleet.Archived(_name, "*.avro.part")];
            Assert.That(counters, Has.Count.EqualTo(archived), $"records in files of sequence {_seed}");
            Assert.That(counters, Is.Unique, $"records of sequence {_seed}");
            Assert.That(counters, Is.All.LessThan(_sent));
        }
    }
}
