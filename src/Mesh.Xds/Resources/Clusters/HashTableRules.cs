using ProxylessMesh.Xds.Config;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Sizes of rings and Maglev tables.</summary>
internal static class HashTableRules
{
    /// <summary>Envoy's limit of maglev_lb_config.table_size.</summary>
    private const ulong MaxTableSize = 5_000_011;

    /// <summary>gRFC A42: 8M at most, and the minimum no larger than the maximum.</summary>
    public static LoadBalancingConfig Ring(ulong? minimum, ulong? maximum, DecodeContext context)
    {
        var min = Limited(minimum ?? LoadBalancingConfig.DefaultMinimumRingSize, "minimum_ring_size", context);
        var max = Limited(maximum ?? LoadBalancingConfig.MaxRingSize, "maximum_ring_size", context);
        if (min > max)
        {
            context.Error("minimum_ring_size", $"{min} is more than maximum_ring_size {max}");
        }

        return new LoadBalancingConfig(LoadBalancingPolicy.RingHash) { MinimumRingSize = min, MaximumRingSize = max };
    }

    public static LoadBalancingConfig Maglev(ulong? tableSize, DecodeContext context)
    {
        var size = tableSize ?? LoadBalancingConfig.DefaultTableSize;
        if (size > MaxTableSize || !IsPrime(size))
        {
            context.Error("table_size", $"must be a prime of at most {MaxTableSize}");
            size = LoadBalancingConfig.DefaultTableSize;
        }

        return new LoadBalancingConfig(LoadBalancingPolicy.Maglev) { TableSize = (int)size };
    }

    public static bool IsPrime(ulong number)
    {
        for (var divisor = 2UL; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        // Two is a prime too, but its table has no second order to step through.
        return number > 2;
    }

    private static int Limited(ulong size, string field, DecodeContext context)
    {
        if (size is 0 or > LoadBalancingConfig.MaxRingSize)
        {
            context.Error(field, $"must be 1 to {LoadBalancingConfig.MaxRingSize}");
            return LoadBalancingConfig.DefaultMinimumRingSize;
        }

        return (int)size;
    }
}
