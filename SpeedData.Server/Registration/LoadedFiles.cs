using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;

namespace SpeedData.Server.Registration;

/// <summary>Loads the files of registered channels at a start. An invalid file does not keep the others from starting.</summary>
internal static class LoadedFiles
{
    /// <returns>The lineup with the registered channels. Channels with invalid files are among the broken ones.</returns>
    public static Lineup Add(Lineup fixedOnly, IReadOnlyList<RegisteredFile> files, TimeProvider time, ILogger log)
    {
        List<RegisteredFile> left = [.. WithoutShadowed(fixedOnly, files, log)];
        ConfigurationProbes probes = WithMemory(WholeConfiguration.Probes);
        Dictionary<string, RegisteredChannel> good = Lineup.Empty<RegisteredChannel>();
        Dictionary<string, BrokenChannel> broken = Lineup.Empty<BrokenChannel>();
        RegisteredResult read = Read(left);
        // Leave out files that are invalid on their own, so that they do not cause faults in others.
        for (HashSet<string> guilty = Guilty(read); guilty.Count > 0; guilty = Guilty(read))
        {
            HashSet<string> alone = [.. left.Where(file => guilty.Contains(file.Name) && Read([file]).Faults.Count > 0).Select(file => file.Name)];
            if (alone.Count > 0)
                guilty = alone;
            foreach (RegisteredChannel channel in read.Channels.Where(channel => guilty.Contains(channel.Name)))
                Break(channel, read);
            left.RemoveAll(file => guilty.Contains(file.Name));
            read = Read(left);
        }

        if (read.Faults.Count > 0)
            read = OneByOne();
        foreach (RegisteredChannel channel in read.Channels.Where(channel => !broken.ContainsKey(channel.Name)))
            good[channel.Name] = channel;
        foreach (ConfigurationWarning warning in read.Warnings)
            log.LogWarning("{Warning}", warning);
        return fixedOnly with { Registered = good, Broken = broken };

        RegisteredResult Read(IReadOnlyList<RegisteredFile> some) => RegisteredChannels.Read(fixedOnly.Sources, fixedOnly.Options.Channels, some, probes);

        void Break(RegisteredChannel channel, RegisteredResult of)
        {
            string why = string.Join("; ", of.Faults.Where(fault => fault.Channel == channel.Name).DefaultIfEmpty(of.Faults[0]).Select(fault => fault.ToString()));
            log.LogError("The registered channel {Channel} is not started: {Why}", channel.Name, why);
            broken[channel.Name] = new BrokenChannel(channel, why, time);
        }

        // The remaining faults concern all channels together, such as their memory: start as many channels as possible.
        RegisteredResult OneByOne()
        {
            var kept = new List<RegisteredFile>();
            foreach (RegisteredFile file in left)
            {
                RegisteredResult with = Read([.. kept, file]);
                if (with.Faults.Count == 0)
                    kept.Add(file);
                else
                    Break(with.Channels[^1], with);
            }

            return Read(kept);
        }
    }

    private static HashSet<string> Guilty(RegisteredResult read)
    {
        HashSet<string> named = [.. read.Faults.Select(fault => fault.Channel).OfType<string>()];
        named.IntersectWith(read.Channels.Select(channel => channel.Name));
        return named;
    }

    private static IEnumerable<RegisteredFile> WithoutShadowed(Lineup lineup, IReadOnlyList<RegisteredFile> files, ILogger log)
    {
        foreach (RegisteredFile file in files)
        {
            if (lineup.FindFixed(file.Name) is null)
                yield return file;
            else
                log.LogWarning("{File} is not used: the channel {Channel} is in {Fixed}, which wins; delete one of them", file.Path, file.Name, lineup.FixedFile);
        }
    }

    /// <summary>Returns probes that check each schema only once, even if the files are checked several times.</summary>
    private static ConfigurationProbes WithMemory(ConfigurationProbes probes)
    {
        var texts = new Dictionary<string, SchemaVerdict>();
        return probes with { SchemaText = text => texts.TryGetValue(text, out SchemaVerdict? known) ? known : texts[text] = probes.SchemaText(text) };
    }
}
