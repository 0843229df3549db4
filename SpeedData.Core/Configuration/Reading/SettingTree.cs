using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>Builds the tree of texts of a configuration section.</summary>
internal static class SettingTree
{
    public static SettingNode Read(IConfigurationRoot configuration, string section)
    {
        var root = new SettingNode(section, section);
        int layer = 0;
        foreach (IConfigurationProvider provider in Providers(configuration))
            Add(provider, layer++, root);
        return root;
    }

    /// <summary>Returns all providers, including those of a configuration that was added to another as a whole.</summary>
    public static IEnumerable<IConfigurationProvider> Providers(IConfigurationRoot configuration) =>
        configuration.Providers.SelectMany(p => p is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Providers(inner) : [p]);

    private static void Add(IConfigurationProvider provider, int layer, SettingNode node)
    {
        // A name is returned once for each key below it.
        foreach (string name in provider.GetChildKeys([], node.Path).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            SettingNode child = node.GetOrAdd(name);
            if (provider.TryGet(child.Path, out string? value))
                child.Set(value, layer);
            Add(provider, layer, child);
        }
    }
}
